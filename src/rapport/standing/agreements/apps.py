from typing import Any

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "rapport.standing.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from rapport.foundation import registry
        from rapport.foundation.access import RecordClass, Right
        from rapport.foundation.registry import DemoPart, MenuItem, Sight
        from rapport.standing.agreements import access, demo, queries

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
        for pages in _pages():
            registry.fact_pages.add(pages.kind.name, pages)


def _pages() -> list[Any]:
    """Return the pages of every part of an agreement."""
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from rapport.foundation.kinds.pages import FactPages
    from rapport.standing.agreements import access, actions, forms

    asked: list[tuple[Any, Any, Any, Any]] = [
        (access.TERM, forms.TermForm, actions.record_term, _("When does it run?")),
        (access.PARTY, forms.PartyForm, actions.record_party, _("Who joins the agreement?")),
        (access.COVERAGE, forms.CoverageForm, actions.record_coverage, _("What does it cover?")),
        (access.CLAUSE, forms.ClauseForm, actions.record_clause, _("Which clause does it hold?")),
        (access.SETTLED, forms.SettledForm, actions.record_settled, _("What does it settle?")),
        (
            access.SIGNATURE,
            forms.SignatureForm,
            actions.record_signature,
            _("Who signed, and when?"),
        ),
        (
            access.AFFIRMATION,
            forms.AffirmationForm,
            actions.record_affirmation,
            _("When was it reviewed?"),
        ),
    ]
    return [
        FactPages(
            kind=kind,
            form=form,
            owners=access.visible_agreements,
            may_record=lambda actor, agreement: access.may(actor, access.RECORD, agreement),
            owner_of=lambda fact: fact.agreement,
            back=lambda agreement: reverse("agreements:agreement", args=[agreement.uid]),
            record=record,
            correct=actions.correct,
            end=None if kind.is_a_moment else actions.end,
            withdraw=actions.withdraw,
            ask=ask,
        )
        for kind, form, record, ask in asked
    ]
