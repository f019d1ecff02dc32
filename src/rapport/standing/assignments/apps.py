from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "rapport.standing.assignments"
    label = "assignments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.access import RecordClass, Right
        from rapport.foundation.kinds import pages
        from rapport.foundation.registry import DemoPart, MenuItem, Sight
        from rapport.foundation.rulesets.files import Shelf
        from rapport.standing.assignments import (  # noqa: F401
            access,
            actions,
            commands,
            demo,
            queries,
            rules,
        )
        from rapport.standing.assignments.views import records

        registry.demo.add("assignments", DemoPart(34, "assignments", demo.build))

        registry.rule_shelves.add("standing", Shelf("rapport.standing.assignments", rules.body_of))
        registry.names.add("assignment", queries.names)
        registry.sights.add(
            "assignments", Sight(_("Assignments"), RecordClass.PROGRAM, Right.READ, queries.count)
        )
        registry.school_moves.add("assignments", actions.follow_schools)
        registry.served.add("assignments", queries.served)
        registry.officer_sights.add("assignments", access.known_assigned)
        for there in records.FACTS:
            pages.add(there)
        registry.menu.add(
            "board",
            MenuItem(10, _("Board"), "assignments:board", "layout-list", access.reads_program),
        )
        registry.effects.add("assignments", queries.effects)
        registry.menu.add(
            "rules",
            MenuItem(
                70, _("Rules"), "assignments:rules", "scale", access.reads_program, on_phone=False
            ),
        )
        registry.menu.add(
            "schools",
            MenuItem(30, _("Schools"), "assignments:schools", "school", access.reads_program),
        )
