"""What the admin's templates need beside Django's own tags."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fullhouse.language.writing import digits
from fullhouse.web.sorting import sorted_by_name

register = template.Library()


@register.filter
def by_name(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return applications or models of the admin in the order of the reader's alphabet."""
    return sorted_by_name(rows, lambda row: str(row["name"]))


@register.simple_tag
def page_number(changes: Any, page: int | str) -> SafeString:
    """Return a page's number, as a link but for the page that is shown."""
    if page == changes.paginator.ELLIPSIS:
        return format_html("{} ", page)
    if page == changes.page_num:
        return format_html('<span class="this-page" aria-current="page">{}</span> ', digits(page))
    return format_html(
        '<a href="{}">{}</a> ', changes.get_query_string({PAGE_VAR: page}), digits(page)
    )
