from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "rapport.organizations.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, MenuItem
        from rapport.organizations.places import access, commands, demo, queries  # noqa: F401
        from rapport.organizations.places.views import agencies

        registry.names.add("agency", queries.agency_names)
        registry.names.add("district", queries.district_names)
        registry.names.add("school", queries.school_names)
        registry.searches.add("places", queries.find)
        registry.atlases.add("places", registry.Atlas(queries.under, queries.every))
        pages.add(agencies.START)
        for order, label, name, icon in (
            (60, _("Agencies"), "agencies", "building-2"),
            (61, _("Districts"), "districts", "map"),
        ):
            item = MenuItem(order, label, f"places:{name}", icon, access.is_inside, on_phone=False)
            registry.menu.add(name, item)
        registry.demo.add("places", DemoPart(10, "places", demo.build))
