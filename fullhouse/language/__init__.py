"""How the reader's language writes and reads numbers, days and times. Knows nothing of events."""
