"""Addresses of the web pages."""

from django.urls import URLPattern, path

from fullhouse.web.views import health, language, migrations, performances

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("", performances.performance_list, name="performances"),
    path(
        "performances/<uuid:performance_id>/",
        performances.performance_detail,
        name="performance",
    ),
    path(
        "performances/<uuid:performance_id>/sections/<uuid:section_id>/",
        performances.section_seats,
        name="section",
    ),
    path("migrations/", migrations.run_list, name="runs"),
    path("migrations/<uuid:run_id>/", migrations.run_detail, name="run"),
    path("migrations/<uuid:run_id>/report/", migrations.run_report, name="report"),
    path("language/<str:code>/", language.choose_language, name="language"),
    path("favicon.ico", health.favicon),
    path("livez", health.livez, name="livez"),
    path("readyz", health.healthz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
]
