from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "rapport.standing.assignments"
    label = "assignments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.rulesets.files import Shelf
        from rapport.standing.assignments import access, commands, queries, rules  # noqa: F401

        registry.rule_shelves.add("standing", Shelf("rapport.standing.assignments", rules.body_of))
        registry.served.add("assignments", queries.served)
