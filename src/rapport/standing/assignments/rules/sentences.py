"""A standing in the words of people. The words of a rule come from its rule set; the rest is translated."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from .found import Answer
from .standing import Reason, Standing, Why, Word

ONE = timedelta(days=1)


def through(until: date) -> str:
    """Return the last day before `until`, as a date in words."""
    return formats.date_format(until - ONE, "DATE_FORMAT")


def named(reason: Reason) -> str:
    """Return what the rule asks for, in the reader's language: "the basic SRO course"."""
    name = reason.rule.name
    return name.get((get_language() or "en").split("-")[0]) or name["en"]


def needing(names: Sequence[str]) -> str:
    """Return several things that are needed as one sentence part; empty for none."""
    return _("needs {name}").format(name="; ".join(names)) if names else ""


def text(reason: Reason) -> str:
    """Return a reason as one sentence part: "needs the 40-hour course by 3 Mar 2027"."""
    name = named(reason)
    if reason.why is Why.ALARM:
        said = _("should have {name}").format(name=name)
    elif reason.until is not None:
        said = _("needs {name} by {day}").format(name=name, day=through(reason.until))
    else:
        said = needing([name])
    notes = [str(n) for n in _notes(reason)]
    return f"{said} ({'; '.join(notes)})" if notes else said


def _notes(reason: Reason) -> list[str]:
    notes = []
    if reason.missing:
        notes.append(_("missing: {numbers}").format(numbers=", ".join(map(str, reason.missing))))
    elif reason.answer is Answer.BLANK:
        notes.append(_("nothing is recorded yet"))
    else:
        notes.append(_("what is recorded has ended or says no"))
    if reason.why is Why.FIRST_DAYS:
        notes.append(_("the agency's first days in the program"))
    if reason.is_assumed:
        notes.append(_("the school year is taken to begin on 1 August, for want of a calendar"))
    if not reason.rule.verified:
        notes.append(_("the rule is not verified"))
    return notes


MEND = {
    "certified": N_("Record the officer's certification by the state."),
    "employed": N_("Record the officer's employment with this agency."),
    "on_duty": N_("Record the officer's duty status."),
    "selected": N_("Record how the officer was selected, by whom and when."),
    "district_part": N_("Record the district's part in the selection."),
    "evaluated": N_("Record the yearly evaluation."),
    "course": N_("Record the completed course with its certificate."),
    "verified": N_("Let somebody else verify the completions."),
    "agreement": N_(
        "Record the agreement with its dates, the schools it covers and every party's signature."
    ),
    "review": N_("Record that the agreement was affirmed or amended."),
    "rules": N_("Load the rule sets: rapport migrate."),
    "clauses": N_("Tick the clauses that the agreement holds, or amend it."),
}


def mend(reason: Reason) -> str:
    """Return what would mend an unmet requirement."""
    return _(MEND[reason.rule.needs])


def headline(found: Standing) -> str:
    """Return the standing in words: "cleared through 2 Mar 2027; needs … by then"."""
    if found.word is Word.CLEARED:
        return _("cleared")
    wanted = [
        named(r)
        for g in found.grounds.values()
        for r in g.reasons
        if _counts(found, r, holds=g.holds)
    ]
    needs = ", ".join(dict.fromkeys(wanted))
    if not needs:  # the reasons are not for this reader
        if found.until is not None:
            return _("cleared through {day}").format(day=through(found.until))
        return _("not cleared: not available; the agency can say more")
    if found.word is Word.PROVISIONAL and found.until is not None:
        return _("cleared through {day}; needs {needs} by then").format(
            day=through(found.until), needs=needs
        )
    return _("not cleared: needs {needs}").format(needs=needs)


def _counts(found: Standing, reason: Reason, *, holds: bool) -> bool:
    if reason.why is Why.ALARM:
        return False
    if found.word is Word.PROVISIONAL:
        return reason.until is None or found.until is None or reason.until <= found.until
    return not holds and reason.why is Why.STOPS


def notes(found: Standing, state: str) -> list[str]:
    """Return what a reader must know beside the reasons."""
    said = []
    if not found.has_state and found.rules:
        said.append(
            _("There is no rule set for {state}; the program's own standard alone holds.").format(
                state=state
            )
        )
    if any(g.note == "own_district" for g in found.grounds.values()):
        said.append(_("The district itself employs the officer, so no agreement is needed."))
    return said
