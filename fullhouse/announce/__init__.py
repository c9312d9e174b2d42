"""What happened, told to others: webhooks, and the worker that keeps the house tidy."""
