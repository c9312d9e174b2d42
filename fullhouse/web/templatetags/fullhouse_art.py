"""A picture for each event, drawn from its title: rows of seats around a stage."""

from __future__ import annotations

import hashlib
import math

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_WIDTH, _HEIGHT = 320, 200
_ROWS = 8


@register.simple_tag
def poster(title: str) -> SafeString:
    """Draw the picture: the same for the same title. Decoration, hidden from screen readers."""
    seed = hashlib.sha256(title.encode()).digest()
    hue = seed[0] * 360 // 256
    other = (hue + 40 + seed[1] % 60) % 360
    name = f"p{seed[:6].hex()}"
    x = 40 + seed[2] % 240
    y = _HEIGHT + 10 + seed[3] % 30
    rows = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}" stroke-dasharray="{} {}" stroke-opacity="{}"/>',
        (_row(n, x, y, seed) for n in range(_ROWS)),
    )
    return format_html(
        '<svg class="poster" viewBox="0 0 {} {}" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true" focusable="false"><defs><linearGradient id="{}" x1="0" y1="0" x2="1" '
        'y2="1"><stop stop-color="hsl({} 55% 34%)"/><stop offset="1" stop-color="hsl({} 60% 22%)"/>'
        '</linearGradient></defs><rect width="{}" height="{}" fill="url(#{})"/>'
        '<circle cx="{}" cy="{}" r="34" fill="hsl({} 90% 78%)" fill-opacity=".9"/>'
        '<g fill="none" stroke="hsl({} 80% 88%)" stroke-width="9" stroke-linecap="round">{}</g>'
        "</svg>",
        *(_WIDTH, _HEIGHT, name, hue, other, _WIDTH, _HEIGHT, name, x, y, other, hue, rows),
    )


def _row(n: int, x: int, y: int, seed: bytes) -> tuple[object, ...]:
    radius = 58 + n * 22
    seats = max(8, round(2 * math.pi * radius / 22))
    gap = 2 * math.pi * radius / seats
    taken = seed[4 + n] % 3
    return (x, y, radius, "0.1", f"{gap:.3f}", (0.85, 0.55, 0.3)[taken])
