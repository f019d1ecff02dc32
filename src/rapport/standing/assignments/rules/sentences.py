"""A standing in the words of people. The words of a rule come from its rule set; the rest is translated."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from .ahead import Lapse, ends, is_by_exception
from .found import Answer
from .standing import Reason, Standing, Why, Word

ONE = timedelta(days=1)


def through(until: date) -> str:
    """Return the last day before `until`, as a date in words."""
    return formats.date_format(until - ONE, "DATE_FORMAT")


def since(reason: Reason) -> str:
    """Return the day since when a reason is unmet in words, or through which it was met; "" for none."""
    if reason.failed is None:
        return ""
    return through(reason.failed if reason.is_ended else reason.failed + ONE)


def named(reason: Reason) -> str:
    """Return what the rule asks for, in the reader's language: "the basic SRO course"."""
    name = reason.rule.name
    return name.get((get_language() or "en").split("-")[0]) or name["en"]


def needing(names: Sequence[str]) -> str:
    """Return several things that are needed as one sentence part; empty for none."""
    return _("needs {name}").format(name="; ".join(names)) if names else ""


def unsaid() -> str:
    """Return what stands for a need whose reason is not for this reader."""
    return _("needs something; the agency can say more")


def text(reason: Reason, day: str = "") -> str:
    """Return a reason as one sentence part: "needs the 40-hour course by 3 Mar 2027".

    `day` is what stands for the day since when it is unmet, where it is not to be `since(reason)`.
    """
    if reason.rule.needs == "rules":
        return _no_rules(reason)
    name = named(reason)
    if reason.why is Why.ALARM:
        said = _("should have {name}").format(name=name)
    elif reason.until is not None:
        said = _("needs {name} by {day}").format(name=name, day=through(reason.until))
    else:
        said = needing([name])
    notes = [str(n) for n in _notes(reason, day)]
    return f"{said} ({'; '.join(notes)})" if notes else said


def _no_rules(reason: Reason) -> str:
    if reason.first is None:
        return _("no rules are loaded")
    first = formats.date_format(reason.first, "DATE_FORMAT")
    return _("no rules were in force on that day; the earliest are from {day}").format(day=first)


def _notes(reason: Reason, day: str) -> list[str]:
    notes = []
    if reason.missing:
        numbers = ", ".join(map(str, reason.missing))
        notes.append(_("missing: clauses {numbers}").format(numbers=numbers))
    elif reason.answer is Answer.BLANK:
        notes.append(_recorded(reason))
    else:
        notes.append(_failed(reason, day))
    if reason.why is Why.FIRST_DAYS:
        notes.append(_("time given from the day the agency joined the program"))
    if reason.is_assumed:
        notes.append(_("the school year is taken to begin on 1 August, for want of a calendar"))
    if not reason.rule.verified:
        notes.append(_("this rule was not checked against its source yet"))
    return notes


LACKS: Final = {
    "term": N_("its first day is not recorded or has not come"),
    "agency": N_("not yet signed by the agency"),
    "district": N_("not yet signed by the district"),
    "school": N_("it does not cover the school"),
}


def _recorded(reason: Reason) -> str:
    """Say what is recorded, where it is not enough."""
    if reason.lacks:
        lacks = ", ".join(_(LACKS[word]) for word in reason.lacks)
        return _("an agreement is recorded: {lacks}").format(lacks=lacks)
    if reason.hours is not None:
        return _("{hours} of {all} hours recorded").format(
            hours=f"{reason.hours:g}", all=f"{reason.rule.hours:g}"
        )
    if reason.rule.needs == "district_part":
        return _("a selection is recorded, the district's part in it is not")
    if reason.rule.needs == "verified":
        return _("recorded, not yet verified by somebody else")
    return _("nothing is recorded yet")


def _failed(reason: Reason, day: str) -> str:
    """Say what speaks against it, where the answer is no."""
    if reason.rule.needs in ("evaluated", "review"):
        return _("the last one recorded is too long ago")
    if reason.rule.needs == "district_part" or reason.failed is None:
        return _("recorded as not so")
    said = (
        _("what is recorded held through {day}")
        if reason.is_ended
        else _("recorded as not so since {day}")
    )
    return said.format(day=day or since(reason))


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
    if reason.first is not None:
        return _("Ask about a day on which rules are in force.")
    return _(MEND[reason.rule.needs])


GROUND: Final = {
    "sworn": N_("sworn"),
    "selected": N_("selected"),
    "trained": N_("trained"),
    "agreed": N_("agreed"),
}


def headline(found: Standing, coming: Sequence[Lapse] = ()) -> str:
    """Return the standing in words: "cleared through 2 Mar 2027; needs … by then".

    `coming` is what lapses soon: its day is said also where the standing is simply cleared.
    """
    if found.word is Word.NOT_CLEARED:
        return _not_cleared(found)
    until = ends(found, coming)
    if until is None:
        return _("cleared")
    day, needs = through(until), ", ".join(_wanted(found, coming, until))
    if not is_by_exception(found):
        said = _("cleared through {day}; needs {needs} by then") if needs else ""
        return (said or _("cleared through {day}")).format(day=day, needs=needs)
    aside = [n for n, g in found.grounds.items() if g.is_excepted]
    return _(
        "cleared by exception through {day}, because “{ground}” is set aside; needs {needs} by then"
    ).format(day=day, ground="”, “".join(_(GROUND[n]) for n in aside), needs=needs)


def _not_cleared(found: Standing) -> str:
    blank = [r for g in found.grounds.values() for r in g.reasons if r.rule.needs == "rules"]
    if blank:
        return _("not cleared: {why}").format(why=_no_rules(blank[0]))
    failing = [g for g in found.grounds.values() if not g.holds]
    needs = ", ".join(_names(r for g in failing for r in g.reasons if r.why is Why.STOPS))
    if not needs:  # the reasons are not for this reader
        return _("not cleared: not available; the agency can say more")
    if all(g.reasons for g in failing):
        return _("not cleared: needs {needs}").format(needs=needs)
    return _("not cleared: needs {needs}; the agency can say more").format(needs=needs)


def _wanted(found: Standing, coming: Sequence[Lapse], until: date) -> list[str]:
    """Return what is needed by `until`, each once."""
    reasons = [r for x in coming if x.on == until for r in x.reasons]
    if found.until == until:
        mine = [r for g in found.grounds.values() for r in g.reasons if r.why is not Why.ALARM]
        reasons = [r for r in mine if r.until is None or r.until <= until] + reasons
    return _names(reasons)


def _names(reasons: Iterable[Reason]) -> list[str]:
    return list(dict.fromkeys(named(r) for r in reasons))


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
