from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "rapport.standing.selection"
    label = "selection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation.kinds import pages
        from rapport.standing.selection import views

        for there in views.FACTS:
            pages.add(there)
