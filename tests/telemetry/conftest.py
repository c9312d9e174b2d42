"""A house to be observed."""

from api.conftest import Hall, Speaker, _fresh_windows, hall, keyed, public

__all__ = ["Hall", "Speaker", "_fresh_windows", "hall", "keyed", "public"]
