from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "rapport.standing.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.access import RecordClass, Right
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, MenuItem, Sight
        from rapport.standing.agreements import access, demo, queries, views

        registry.demo.add("agreements", DemoPart(33, "agreements", demo.build))

        registry.names.add("agreement", queries.names)
        registry.searches.add("agreements", queries.find)
        registry.sights.add(
            "agreements",
            Sight(_("Agreements"), RecordClass.PROGRAM, Right.READ, queries.count),
        )
        registry.officials.add("agreements", queries.official_districts)
        registry.menu.add(
            "agreements",
            MenuItem(
                40,
                _("Agreements"),
                "agreements:agreements",
                "file-text",
                access.may_know_of_any,
                on_phone=False,
            ),
        )
        for there in views.FACTS:
            pages.add(there)
