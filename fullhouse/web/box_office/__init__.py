"""The box office: what the public buys from. Every change goes through the services."""
