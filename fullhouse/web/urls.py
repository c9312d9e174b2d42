"""Addresses of the web pages."""

from django.urls import URLPattern, URLResolver, include, path

from fullhouse.web.box_office import find, home, performance, reservation, waiting
from fullhouse.web.views import health, language

app_name = "web"
RESERVATION = "reservations/<uuid:performance_id>/<uuid:reservation_id>"
WAITING = "waiting/<uuid:performance_id>/<uuid:entry_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="performances"),
    path("performances/<uuid:performance_id>/", performance.show, name="performance"),
    path(
        "performances/<uuid:performance_id>/sections/<uuid:section_id>/",
        performance.section,
        name="section",
    ),
    path("performances/<uuid:performance_id>/hold/", performance.hold, name="hold"),
    path("performances/<uuid:performance_id>/wait/", waiting.join, name="join_waiting"),
    path(f"{RESERVATION}/", reservation.show, name="reservation"),
    path(f"{RESERVATION}/extend/", reservation.give_more_time, name="extend"),
    path(f"{RESERVATION}/release/", reservation.give_back, name="release"),
    path(f"{RESERVATION}/pay/", reservation.pay, name="pay"),
    path(f"{RESERVATION}/paid/", reservation.paid, name="paid"),
    path(f"{WAITING}/", waiting.show, name="waiting"),
    path(f"{WAITING}/take/", waiting.take, name="take_offer"),
    path(f"{WAITING}/leave/", waiting.leave, name="leave_waiting"),
    path("mine/", find.mine_page, name="mine"),
    path("find/", find.find, name="find"),
    path("migrations/", include("fullhouse.web.takeover.urls")),
    path("console/", include("fullhouse.web.console.urls")),
    path("language/<str:code>/", language.choose_language, name="language"),
    path("favicon.ico", health.favicon),
    path("livez", health.livez, name="livez"),
    path("readyz", health.healthz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
]
