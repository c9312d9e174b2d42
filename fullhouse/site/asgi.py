"""The ASGI application of the runnable project."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")

application = get_asgi_application()
