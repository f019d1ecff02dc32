from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "rapport.foundation.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.disclosure import access, queries
        from rapport.foundation.registry import MenuItem

        registry.namers.add("disclosure", queries.named)
        registry.menu.add(
            "disclosures",
            MenuItem(
                65,
                _("Disclosures"),
                "disclosure:index",
                "share-2",
                access.may_disclose_any,
                on_phone=False,
            ),
        )
