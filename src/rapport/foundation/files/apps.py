from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "rapport.foundation.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from functools import partial

        from rapport.foundation import registry, vault
        from rapport.foundation.access import RecordClass, Right
        from rapport.foundation.files import commands, guards, kept, queries  # noqa: F401
        from rapport.foundation.registry import Disclosable, MenuItem, Sight

        registry.guards.add("files", guards.guards)
        registry.sealed.add("files", vault.Sealed(kept.seal_anew, kept.some_sealed))
        registry.searches.add("files", queries.search)
        registry.namers.add("file", queries.named)
        registry.disclosable.add("file", Disclosable(queries.to_disclose, queries.seen))
        registry.menu.add(
            "files",
            MenuItem(
                63,
                _("Files"),
                "files:index",
                "folder",
                lambda a: a.person_id is not None,
                on_phone=False,
            ),
        )
        for record_class in RecordClass:
            count = partial(queries.count, record_class=record_class)
            sight = Sight(_("Files"), record_class, Right.READ, count)
            registry.sights.add(f"files {record_class}", sight)
