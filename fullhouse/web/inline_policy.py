"""The policy of a self-contained page: exactly its own styles and scripts, by their hashes."""

from __future__ import annotations

import base64
import hashlib
import re

_BLOCKS = {
    "style-src": re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE),
    "script-src": re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE),
}


def policy_for(html: str) -> str:
    """Return a policy under which only the blocks written into `html` by us apply.

    Values in such a page are escaped, so that no block can come from the data. Attributes
    (`style=`, `onclick=`) stay forbidden.
    """
    parts = ["default-src 'none'", "img-src data:", "base-uri 'none'", "frame-ancestors 'none'"]
    for directive, pattern in _BLOCKS.items():
        hashes = " ".join(_hash(block) for block in pattern.findall(html))
        if hashes:
            parts.append(f"{directive} {hashes}")
    return "; ".join(parts)


def _hash(block: str) -> str:
    digest = hashlib.sha256(block.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
