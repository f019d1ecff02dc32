from django.apps import AppConfig


class KindsConfig(AppConfig):
    name = "rapport.foundation.kinds"
    label = "kinds"
