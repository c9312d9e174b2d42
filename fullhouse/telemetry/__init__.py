"""What operators see of a running house: metrics, logs, traces. Nothing is decided here."""
