"""The migration console: where a takeover stands, what it asks, and the next step."""
