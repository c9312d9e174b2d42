"""The one doorway to the SQL functions."""
