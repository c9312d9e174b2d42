"""The legacy tables, as long as they are the truth. Conditional writes: none is ever lost."""

from fullhouse.compat.legacy_side.whole import LegacySide

__all__ = ["LegacySide"]
