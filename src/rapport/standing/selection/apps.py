from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "rapport.standing.selection"
    label = "selection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart
        from rapport.standing.selection import demo, views

        registry.demo.add("selection", DemoPart(31, "selection", demo.build))
        for there in views.FACTS:
            pages.add(there)
