"""Time-ordered identifiers (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new UUID whose first 48 bits are the Unix time in milliseconds.

    Rows made together lie together in an index. PostgreSQL has `uuidv7()` from 18 on only,
    and Python's `uuid` module from 3.14 on; the SQL twin is `uuid7()` in the schema.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
