"""`/metrics`, for Prometheus: from this machine, or with a key of the scope `read` or `admin`."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from fullhouse.api.caller import UnknownKeyError, caller_of
from fullhouse.api.models import Scope
from fullhouse.api.problems import protocol_problem
from fullhouse.telemetry.counters import REGISTRY
from fullhouse.telemetry.gauges import DatabaseGauges

# A proxy on this machine makes strangers look near.
_OF_A_PROXY: Final = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell the counters of all worker processes, and the house's gauges."""
    try:
        caller = caller_of(request)
    except UnknownKeyError:
        return protocol_problem(401, {"WWW-Authenticate": 'Bearer realm="Fullhouse"'})
    # A key for some events does not see the capacity of the others.
    keyed = not caller.event_ids and (caller.may(Scope.READ) or caller.may(Scope.ADMIN))
    if not keyed and not _is_near(request, caller.address):
        return protocol_problem(403, scope=Scope.READ.value)
    registry = CollectorRegistry()
    registry.register(DatabaseGauges())
    house = generate_latest(registry)
    return HttpResponse(_counted() + house, content_type=CONTENT_TYPE_LATEST)


def _counted() -> bytes:
    if not values.ValueClass._multiprocess:  # decided at the library's first import
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def _is_near(request: HttpRequest, address: str) -> bool:
    if not settings.FULLHOUSE_PROXIES and any(name in request.headers for name in _OF_A_PROXY):
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
