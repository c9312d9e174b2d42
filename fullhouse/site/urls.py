"""The project's addresses: the pages, the API and the admin."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from fullhouse.telemetry.page import metrics

admin.site.site_title = "Fullhouse"
admin.site.site_header = _("Fullhouse, staff")
admin.site.index_title = _("The house")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    path("api/legacy/", include("fullhouse.api.legacy.urls")),
    path("api/", include("fullhouse.api.urls")),
    path("", include("fullhouse.web.urls")),
]
