"""Addresses of the migration console, all under `/migrations/`."""

from django.urls import URLPattern, path

from fullhouse.web.takeover import pages, views

urlpatterns: list[URLPattern] = [
    path("", pages.run_list, name="runs"),
    path("begin/", views.begin, name="begin"),
    path("<uuid:run_id>/", pages.run_detail, name="run"),
    path("<uuid:run_id>/now/", views.run_now, name="run-now"),
    path("<uuid:run_id>/contradictions/", views.contradictions, name="contradictions"),
    path("<uuid:run_id>/decide/", views.decide_kind, name="decide"),
    path("<uuid:run_id>/before-and-after/", views.before_after, name="before-after"),
    path("<uuid:run_id>/order/<str:name>/", views.give_order, name="order"),
    path("<uuid:run_id>/jobs/<uuid:job_id>/", views.job_page, name="job"),
    path("<uuid:run_id>/report/", pages.run_report, name="report"),
    path("<uuid:run_id>/report.json", views.report_json, name="report-json"),
]
