from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "rapport.organizations.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.organizations.places import commands, queries  # noqa: F401

        registry.names.add("agency", queries.agency_names)
        registry.names.add("district", queries.district_names)
        registry.names.add("school", queries.school_names)
        registry.atlases.add("places", registry.Atlas(queries.under, queries.every))
