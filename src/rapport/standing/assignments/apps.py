from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "rapport.standing.assignments"
    label = "assignments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.foundation import registry
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, Shelf
        from rapport.standing.assignments import (  # noqa: F401
            access,
            actions,
            commands,
            demo,
            queries,
            rules,
        )
        from rapport.standing.assignments.views import records, school

        for there in records.FACTS:
            pages.add(there)
        registry.rule_shelves.add("standing", Shelf("rapport.standing.assignments", rules.body_of))
        registry.names.add("assignment", queries.names)
        registry.searches.add("schools", school.find)
        registry.school_moves.add("assignments", actions.follow_schools)
        registry.served.add("assignments", queries.served)
        registry.officer_sights.add("assignments", access.known_assigned)
        registry.effects.add("assignments", queries.effects)
        registry.notices.add("assignments", queries.notices)
        registry.demo.add("assignments", DemoPart(34, "assignments", demo.build))
        self._pages()

    def _pages(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.access import RecordClass, Right
        from rapport.foundation.registry import MenuItem, Sight
        from rapport.standing.assignments import access, queries

        for name, order, label, icon, on_phone in (
            ("board", 10, _("Board"), "layout-list", True),
            ("schools", 30, _("Schools"), "school", True),
            ("rules", 70, _("Rules"), "scale", False),
        ):
            shown = access.reads_program
            item = MenuItem(order, label, f"assignments:{name}", icon, shown, on_phone=on_phone)
            registry.menu.add(name, item)
        sight = Sight(_("Assignments"), RecordClass.PROGRAM, Right.READ, queries.count)
        registry.sights.add("assignments", sight)
