"""The ASGI application of the runnable project: the on-sale gate before Django."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
_django = get_wsgi_application()

from fullhouse.gate.application import Gate  # noqa: E402 - models need the apps
from fullhouse.site.middleware import HEADER, POLICY  # noqa: E402
from fullhouse.web.serving import STOPPING, THREADS_PER_WORKER  # noqa: E402

# Half a second of imports that the first visitor would wait for.
get_resolver().url_patterns  # noqa: B018
_site = {HEADER: POLICY}
application = Gate(_django, threads=THREADS_PER_WORKER, site=_site, stopping=STOPPING)
without_gate = Gate(_django, threads=THREADS_PER_WORKER, site=_site, hot=False)
