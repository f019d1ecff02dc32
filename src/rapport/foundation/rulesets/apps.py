from django.apps import AppConfig


class RuleSetsConfig(AppConfig):
    name = "rapport.foundation.rulesets"
    label = "rulesets"
    default_auto_field = "django.db.models.BigAutoField"
