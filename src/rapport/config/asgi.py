import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from rapport.config.guard import SizeGuard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
_pages = get_asgi_application()
from rapport.config.sessions import seat  # noqa: E402  it needs the apps

application = SizeGuard(_pages, settings.RAPPORT_MAX_BODY, seat)
