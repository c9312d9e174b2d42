"""The WSGI application of the runnable project."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")

application = get_wsgi_application()
