"""Tests of the takeover of legacy data."""
