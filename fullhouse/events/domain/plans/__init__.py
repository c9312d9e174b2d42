"""Seating plans as pure values: read, written, made and compared; no Django, no database."""
