"""What every public door asks of who comes: from where, and how often."""
