import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from rapport.config.guard import SizeGuard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
application = SizeGuard(get_asgi_application(), settings.RAPPORT_MAX_BODY)
