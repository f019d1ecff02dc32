from django.apps import AppConfig


class RuleSetsConfig(AppConfig):
    name = "rapport.foundation.rulesets"
    label = "rulesets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.rulesets import actions

        registry.setup.add("10 rule sets", actions.load_shipped)
