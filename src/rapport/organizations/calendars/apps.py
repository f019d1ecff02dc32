from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "rapport.organizations.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:

        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart
        from rapport.organizations.calendars import demo, views

        for there in views.FACTS:
            pages.add(there)
        registry.demo.add("calendars", DemoPart(11, "school calendars", demo.build))
