"""Addresses of the console, under `/console/`."""

from django.urls import URLPattern, path

from fullhouse.web.console import acting, creating, glance, performance, picker, plans

app_name = "console"

urlpatterns: list[URLPattern] = [
    path("", glance.house, name="house"),
    path("find/", performance.find, name="search"),
    path("performances/<uuid:performance_id>/", performance.performance, name="the-performance"),
    path("performances/<uuid:performance_id>/live/", performance.live, name="live"),
    path("performances/<uuid:performance_id>/sales/", performance.sales, name="sales"),
    path("performances/<uuid:performance_id>/tree/", glance.branches, name="branches"),
    path("performances/<uuid:performance_id>/proof/", performance.prove, name="proof"),
    path("reservations/<uuid:reservation_id>/", performance.reservation, name="the-reservation"),
    path("seats/", picker.picker, name="picker"),
    path("seats/<uuid:seat_id>/", performance.seat, name="seat"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.by_parameters, name="plan_new"),
    path("plans/import/", plans.by_file, name="plan_import"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("new/", creating.create, name="create"),
    path("do/<str:subject>/<uuid:row_id>/<str:name>/", acting.act, name="act"),
]
