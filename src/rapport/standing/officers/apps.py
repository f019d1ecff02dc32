from django.apps import AppConfig


class OfficersConfig(AppConfig):
    name = "rapport.standing.officers"
    label = "officers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation.kinds import pages
        from rapport.standing.officers import views

        for there in views.FACTS:
            pages.add(there)
