from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "rapport.standing.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart
        from rapport.standing.training import actions, demo, views

        registry.demo.add("training", DemoPart(32, "training", demo.build))
        registry.setup.add("20 courses", actions.load_courses)
        for there in views.FACTS:
            pages.add(there)
