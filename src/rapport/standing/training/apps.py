from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "rapport.standing.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, MenuItem
        from rapport.standing.training import access, actions, demo, views

        registry.demo.add("training", DemoPart(32, "training", demo.build))
        registry.setup.add("20 courses", actions.load_courses)
        registry.menu.add(
            "courses",
            MenuItem(
                50,
                _("Courses"),
                "training:courses",
                "graduation-cap",
                access.may_keep_courses,
                on_phone=False,
            ),
        )
        for there in views.FACTS:
            pages.add(there)
