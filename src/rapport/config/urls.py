from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from rapport.config.views import ready

# Each app's own urls, at the root: an app names its first path segment itself.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.urls"))
    for app in settings.INSTALLED_APPS
    if app.startswith("rapport.") and find_spec(f"{app}.urls") and import_module(f"{app}.urls")
]
urlpatterns += [path("readyz", ready, name="ready")]

handler403 = "rapport.config.views.not_there"
handler500 = "rapport.config.views.trouble"
