import json
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from rapport.foundation import facts, registry
from rapport.foundation.access import STRANGER, SYSTEM, Right, Role, Scope
from rapport.foundation.audit import trail
from rapport.foundation.facts import Fact
from rapport.organizations.calendars.models import SchoolYear
from rapport.organizations.places.models import School
from rapport.standing.agreements.models import Term
from rapport.standing.assignments import actions, case, queries
from rapport.standing.assignments.actions.standing import ensure_standing
from rapport.standing.assignments.commands.facts import options_facts
from rapport.standing.assignments.commands.lines import Printer
from rapport.standing.assignments.commands.standing import run_standing
from rapport.standing.assignments.models import Assigned, Assignment, Excepted
from rapport.standing.assignments.queries import judging
from rapport.standing.assignments.queries.naming import CannotAnswer
from rapport.standing.assignments.rules import Standing, Word, sentences, standing
from rapport.standing.assignments.tests.town import BEGAN, NOW, TODAY, Town, a_town, an_officer
from rapport.standing.officers import access as roster
from rapport.standing.officers.actions import record_duty_status
from rapport.standing.officers.models import DutyStatus, Employment
from rapport.standing.training.models import Completed

pytestmark = pytest.mark.django_db


def test_the_standing_of_all_takes_a_fixed_number_of_queries_however_many_officers() -> None:
    counts = []
    town = a_town(2)
    for officers in (2, 6):
        for n in range(len(town.officers), officers):
            an_officer(town, n)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(list(queries.all_standings(SYSTEM, day=TODAY))) == officers
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 22


def test_lines_alike_but_for_a_day_each_say_their_own() -> None:
    town = a_town(4)
    ended = [TODAY - timedelta(days=n) for n in (3, 5, 5)]
    for officer, until in zip(town.officers, ended, strict=False):
        facts.correct(DutyStatus.objects.get(officer=officer), now=NOW, valid_until=until)
    loaded = queries.load_facts(SYSTEM)
    printer = Printer(loaded, TODAY, None)

    found = list(queries.all_standings(SYSTEM, day=TODAY, facts=loaded))
    printed = [json.loads(printer.line(one)) for one in found]

    for one, line in zip(found, printed, strict=True):
        for name, ground in one.standing.grounds.items():
            texts = [r["text"] for r in line["grounds"][name]["reasons"]]
            assert texts == [sentences.text(r) for r in ground.reasons]
        assert line["text"] == sentences.headline(one.standing, one.coming)
    said = [r["text"] for line in printed for r in line["grounds"]["sworn"]["reasons"]]
    assert [sentences.through(d) in text for d, text in zip(ended, said, strict=True)] == [True] * 3


def test_one_officers_facts_alone_give_the_standing_that_all_facts_give() -> None:
    town = a_town(3)
    here, there, _ = town.officers
    facts.correct(DutyStatus.objects.get(officer=there), now=NOW, status="leave")
    Excepted.objects.create(
        assignment=town.assignments[1],
        agency=town.agency,
        school=town.schools[1],
        ground="sworn",
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=9),
        recorded_at=NOW,
    )
    SchoolYear.objects.create(
        district=town.district,
        valid_from=date(2025, 8, 20),
        valid_until=date(2026, 6, 5),
        recorded_at=NOW,
    )

    found = list(queries.all_standings(SYSTEM, day=TODAY))

    assert [f.standing.word for f in found] == [Word.CLEARED, Word.PROVISIONAL, Word.PROVISIONAL]
    for one in found:
        officer, school, agency, _ = one.pair
        assert queries.standing_of(SYSTEM, officer, school, agency, day=TODAY) == one
    every = case.load()
    for assignment in town.assignments:
        pair = case.Pair(assignment.officer_id, assignment.school_id, town.agency.pk, assignment.pk)
        alone = case.load(officers=[pair.officer], at=[pair])
        ours, all_of = (f.case(pair, asked=BEGAN) for f in (alone, every))
        for field in set(ours._fields) - {"book", "verified"}:
            assert getattr(ours, field) == getattr(all_of, field), field
    unassigned = case.Pair(here.pk, town.schools[1].pk, town.agency.pk)
    assert len(case.load(officers=[here.pk], at=[unassigned]).schools) == 2


def test_an_officers_page_loads_the_facts_once_however_many_schools_the_officer_serves() -> None:
    town = a_town(1, schools=3)
    counts: list[int] = []
    for schools in (1, 3):
        for school in town.schools[len(counts) : schools]:
            serve(town, school)
        with CaptureQueriesContext(connection) as captured:
            found = queries.services(SYSTEM, town.officers[0], day=TODAY)
        assert len(found) == schools
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 24


def serve(town: Town, school: School) -> None:
    """Let the first officer serve a school too, where they do not yet."""
    first = Assigned.objects.filter(officer=town.officers[0])
    if first.filter(school=school).exists():
        return
    one = Assignment.objects.create(officer=town.officers[0], school=school, agency=town.agency)
    facts.record(
        Assigned,
        now=NOW,
        assignment=one,
        officer=one.officer,
        school=school,
        agency=town.agency,
        district=town.district,
        valid_from=BEGAN,
    )


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what facts are asked for, load by load."""
    found: list[object] = []
    load = case.load

    def counted(**said: Any) -> Any:
        found.append(said)
        return load(**said)

    monkeypatch.setattr(case, "load", counted)
    return found


def test_a_refused_assignment_is_judged_and_explained_by_the_same_facts(
    loads: list[object],
) -> None:
    town = a_town(1)
    facts.correct(DutyStatus.objects.get(), now=NOW, status="leave")
    draft = Assigned(
        officer=town.officers[0], school=town.schools[1], agency=town.agency, valid_from=TODAY
    )

    with pytest.raises(actions.NotCleared):
        ensure_standing(town.actor(Role.SUPERVISOR), draft)

    assert len(loads) == 1


def test_the_command_answers_one_question_by_one_load(
    loads: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    town = a_town(1)
    for count, school in enumerate(town.schools, 1):  # the second is not the officer's
        asked = Namespace(
            officer="200", school=str(school.uid), agency=None, on=TODAY, known=None, json=True
        )

        assert run_standing(Namespace(all=False, **vars(asked))) == 0

        assert json.loads(capsys.readouterr().out)["standing"] == "cleared"
        assert len(loads) == count


def test_a_fact_recorded_later_does_not_change_what_was_known_before() -> None:
    town = a_town(1)
    leave = DutyStatus.objects.get()
    facts.correct(leave, now=NOW, status="leave")
    before = NOW - timedelta(days=1)
    one, school, agency = town.officers[0].pk, town.schools[0].pk, town.agency.pk

    now = queries.standing_of(SYSTEM, one, school, agency, day=TODAY)
    then = queries.standing_of(SYSTEM, one, school, agency, day=TODAY, known=before)

    assert now is not None
    assert then is not None
    assert (now.standing.word, then.standing.word) == (Word.NOT_CLEARED, Word.CLEARED)


def test_before_a_home_knew_any_rule_nobody_was_cleared() -> None:
    town = a_town(1)

    found = queries.standing_of(
        SYSTEM,
        town.officers[0].pk,
        town.schools[0].pk,
        town.agency.pk,
        day=TODAY,
        known=datetime(2024, 1, 1, tzinfo=UTC),
    )

    assert found is not None
    assert found.standing.word is Word.NOT_CLEARED


def test_a_pair_without_assignment_is_asked_as_if_assigned_from_that_day() -> None:
    town = a_town(2)

    found = queries.standing_of(
        SYSTEM, town.officers[1].pk, town.schools[0].pk, town.agency.pk, day=TODAY
    )

    assert found is not None
    assert found.is_if_assigned
    assert found.standing.until == date(
        2026, 9, 2
    )  # the clock of the first assignment, at the other school


def test_a_day_before_the_assignment_began_is_asked_as_if() -> None:
    town = a_town(1)

    found = queries.standing_of(
        SYSTEM,
        town.officers[0].pk,
        town.schools[0].pk,
        town.agency.pk,
        day=BEGAN - timedelta(days=1),
    )

    assert found is not None
    assert found.is_if_assigned


def test_who_reads_the_program_but_no_personnel_is_shown_no_reason_of_sworn() -> None:
    town = a_town(1)
    facts.correct(DutyStatus.objects.get(), now=NOW, status="leave")
    principal = town.actor(Role.PRINCIPAL, Scope.SCHOOL)
    sergeant = town.actor(Role.SUPERVISOR)

    seen = {
        a: next(iter(queries.all_standings(a, day=TODAY))).standing for a in (principal, sergeant)
    }

    assert seen[principal].word is seen[sergeant].word is Word.NOT_CLEARED
    assert seen[principal].grounds["sworn"].reasons == ()
    assert seen[principal].grounds["sworn"].facts == ()
    assert seen[sergeant].grounds["sworn"].reasons
    assert list(queries.all_standings(STRANGER, day=TODAY)) == []


def test_a_timeline_shows_the_days_on_leave_and_back() -> None:
    town = a_town(1)
    duty = DutyStatus.objects.get()
    first = facts.correct(duty, now=NOW, valid_until=date(2025, 11, 3))
    facts.record(
        DutyStatus,
        now=NOW,
        officer=first.officer,
        agency=first.agency,
        status="leave",
        valid_from=date(2025, 11, 3),
        valid_until=date(2025, 11, 24),
    )
    facts.record(
        DutyStatus,
        now=NOW,
        officer=first.officer,
        agency=first.agency,
        status="on_duty",
        valid_from=date(2025, 11, 24),
    )

    pieces = queries.timeline_of(SYSTEM, town.assignments[0], first=BEGAN, last=TODAY)

    words = [(p.since, p.standing.word) for p in pieces]
    assert (date(2025, 11, 3), Word.NOT_CLEARED) in words
    assert (date(2025, 11, 24), Word.CLEARED) in words


def test_the_board_says_who_needs_something_and_what_lapses_in_ninety_days() -> None:
    town = a_town(2)
    done = Completed.objects.get()
    facts.correct(done, now=NOW, valid_until=date(2026, 4, 1))

    board = queries.board(town.actor(Role.SUPERVISOR), day=TODAY)

    by_name = {r.officer.name: r for r in board.rows}
    first = by_name["Ofc. Pat Maple 0"]
    assert first.word is Word.CLEARED
    assert [(x.on, x.ground) for x in first.lapses][0] == (date(2026, 4, 1), "trained")
    assert board.in_need[0] is first
    assert by_name["Ofc. Pat Maple 1"].until == date(2026, 9, 2)


def test_what_lapses_is_said_in_each_readers_language_whoever_read_the_board_first() -> None:
    town = a_town(1)
    facts.correct(Completed.objects.get(), now=NOW, valid_until=date(2026, 4, 1))
    sergeant = town.actor(Role.SUPERVISOR)

    said = {}
    for language in ("es", "en"):
        with override(language):
            (row,) = queries.board(sergeant, day=TODAY).rows
            said[language] = [row.need]

    assert said["en"][0].startswith("needs the SRO training")
    assert said["es"][0].startswith("necesita la formación")
    assert not set(said["en"]) & set(said["es"])


def lapsing(model: type[Fact], day: date) -> Town:
    """Return a town of one officer of whom one fact ends on a day."""
    town = a_town(1)
    facts.correct(model.objects.get(), now=NOW, valid_until=day)
    return town


@pytest.mark.parametrize(
    ("model", "ground", "role", "scope", "is_shown"),
    [
        (DutyStatus, "sworn", Role.SUPERVISOR, Scope.AGENCY, True),
        (DutyStatus, "sworn", Role.PRINCIPAL, Scope.SCHOOL, False),
        (Completed, "trained", Role.PRINCIPAL, Scope.SCHOOL, True),
        (Term, "agreed", Role.PRINCIPAL, Scope.SCHOOL, True),
    ],
    ids=["full", "as a word", "as a status", "in full to both sides"],
)
def test_what_will_lapse_is_shown_as_far_as_its_ground_is(
    model: type[Fact], ground: str, role: Role, scope: Scope, *, is_shown: bool
) -> None:
    day = date(2026, 4, 1)
    town = lapsing(model, day)

    (row,) = queries.board(town.actor(role, scope), day=TODAY).rows

    assert row.word is Word.CLEARED
    assert row.ends == day  # the same for all
    assert [(x.on, x.ground) for x in row.lapses] == [(day, ground)]
    assert [bool(x.reasons) for x in row.lapses] == [is_shown]
    assert (row.need == "needs something; the agency can say more") is not is_shown


def test_who_serves_one_school_is_judged_alone_and_as_among_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = a_town(3)
    sergeant = town.actor(Role.SUPERVISOR)
    here, there = town.schools
    serve(town, there)  # the first officer serves both
    expected = queries.serving(sergeant, day=TODAY)
    of_principal = queries.serving(town.actor(Role.PRINCIPAL, Scope.SCHOOL), day=TODAY)
    judged: list[object] = []

    def counted(*case_and_day: Any) -> Standing:
        judged.append(case_and_day)
        return standing(*case_and_day)

    monkeypatch.setattr(judging, "standing", counted)

    for school, count in ((there, 2), (here, 2)):
        judged.clear()
        assert queries.serving_at(sergeant, school.pk, day=TODAY) == expected[school.pk]
        assert len(judged) == count
    principal = town.actor(Role.PRINCIPAL, Scope.SCHOOL)
    assert queries.serving_at(principal, here.pk, day=TODAY) == of_principal[here.pk]
    assert queries.serving_at(principal, there.pk, day=TODAY) == []
    assert queries.serving_at(sergeant, here.pk, day=BEGAN - timedelta(days=1)) == []


def test_the_board_is_kept_while_people_only_read_sign_in_and_export(
    loads: list[object],
) -> None:
    town = a_town(1)
    sergeant = town.actor(Role.SUPERVISOR)
    first = queries.board(sergeant, day=TODAY)

    for verb in ("officers.open_records", "audit.refused", "tables.export", "sign_in.enter"):
        found = registry.verbs.get(verb)
        assert found is not None
        trail.record(SYSTEM, found, town.officers[0], at=NOW)
    again = queries.board(sergeant, day=TODAY)

    assert again == first
    assert len(loads) == 1
    trail.record(SYSTEM, roster.ADD, town.officers[0], at=NOW)
    queries.board(sergeant, day=TODAY)
    assert len(loads) == 2


def test_no_act_on_a_fact_and_no_act_of_the_program_on_rules_leaves_the_board_as_it_was() -> None:
    kept = set(judging._moving_no_fact())
    kinds = [there.kind for there in registry.fact_pages]
    acts = [v for k in kinds for v in (k.record, k.correct, k.end, k.withdraw) if v is not None]

    assert not kept & {v.name for v in acts}
    writing = {v.name for v in registry.verbs if v.right is Right.WRITE and v.name in kept}
    assert all(name.startswith("files.") for name in writing), writing
    assert not kept & {"rulesets.load", "training.load_courses", "people.merge", "people.unmerge"}


def test_the_board_is_made_anew_when_something_was_done() -> None:
    town = a_town(1)
    sergeant = town.actor(Role.SUPERVISOR)
    assert queries.board(sergeant, day=TODAY).rows[0].word is Word.CLEARED

    facts.correct(DutyStatus.objects.get(), now=NOW, status="leave")
    trail.record(SYSTEM, roster.CORRECT_DUTY, town.officers[0], at=NOW)

    assert queries.board(sergeant, day=TODAY).rows[0].word is Word.NOT_CLEARED


def test_an_officer_is_found_by_badge_and_two_employers_need_the_agency() -> None:
    town = a_town(1)
    other = type(town.agency).objects.create(name="Other", state="VA", ori="VA0020000")
    Employment.objects.create(
        officer=town.officers[0], agency=other, badge="77", valid_from=BEGAN, recorded_at=NOW
    )

    assert queries.officer_named(SYSTEM, "200", "VA0010000", day=TODAY) == (
        town.officers[0],
        town.agency,
    )
    with pytest.raises(CannotAnswer, match="two employers"):
        queries.officer_named(SYSTEM, "200", None, day=TODAY)
    with pytest.raises(CannotAnswer, match="No officer has the badge"):
        queries.officer_named(SYSTEM, "none", None, day=TODAY)


def test_before_a_fact_is_withdrawn_it_is_said_which_standing_would_change() -> None:
    town = a_town(1)
    sergeant = town.actor(Role.SUPERVISOR)

    found = list(queries.effects(sergeant, Completed.objects.get(), NOW))

    assert [(e.of, e.before) for e in found] == [("Maple School 0", "cleared")]
    assert found[0].after.startswith("cleared through 1 Sep 2026; needs")


def test_withdrawing_a_leave_is_shown_to_put_the_officer_back_on_duty_and_changes_nothing_yet() -> (
    None
):
    town = a_town(1)
    sergeant = town.actor(Role.SUPERVISOR)
    leave = record_duty_status(
        sergeant,
        town.officers[0],
        agency=town.agency,
        status="leave",
        valid_from=TODAY,
        now=NOW,
    )

    found = list(queries.effects(sergeant, leave, NOW))

    assert [(e.of, e.after) for e in found] == [("Maple School 0", "cleared")]
    assert found[0].before.startswith("not cleared: needs to be on duty")
    assert queries.board(sergeant, day=TODAY).rows[0].word is Word.NOT_CLEARED


def test_a_school_knows_of_its_own_officers_and_of_their_employment_with_its_agency_alone() -> None:
    town = a_town(2)
    here, there = town.officers
    other = type(town.agency).objects.create(name="Oak Sheriff", state="VA", ori="VA0030000")
    for officer, badge in ((here, "77"), (there, "78")):
        Employment.objects.create(
            officer=officer, agency=other, badge=badge, valid_from=BEGAN, recorded_at=NOW
        )
    principal = town.actor(Role.PRINCIPAL, Scope.SCHOOL)

    seen = roster.visible_employments(principal)

    assert list(roster.visible_officers(principal)) == [here]
    assert [(e.officer, e.badge) for e in seen] == [(here, "200")]


# What the commands say beside the answer


def ask(**words: Any) -> int:
    given = {"all": False, "officer": None, "school": None, "agency": None, "on": TODAY}
    return run_standing(Namespace(**(given | {"known": None, "json": False} | words)))


def test_an_officer_who_is_not_there_is_answered_with_near_badges_and_names() -> None:
    a_town(1)
    badge = Employment.objects.get().badge

    with pytest.raises(CannotAnswer, match=rf"Do you mean {badge} \(Pat Maple 0\)"):
        queries.officer_named(SYSTEM, "Pat Mapel 0", None, day=TODAY)
    with pytest.raises(CannotAnswer, match="Nothing here is written like it"):
        queries.officer_named(SYSTEM, "zzzzzz", None, day=TODAY)


def test_the_answer_in_words_says_when_it_is_only_if_assigned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    town = a_town(1, schools=2)
    badge = Employment.objects.get().badge

    assert ask(officer=badge, school=str(town.schools[1].uid)) == 0
    assert "this is the answer if assigned from it" in capsys.readouterr().out
    assert ask(officer=badge, school=str(town.schools[0].uid)) == 0
    assert "if assigned" not in capsys.readouterr().out


def test_the_command_ends_with_0_whatever_the_answer_is_and_with_2_for_what_nobody_knows_yet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    town = a_town(1)
    badge = Employment.objects.get().badge
    there = {"officer": badge, "school": str(town.schools[0].uid)}

    assert ask(**there, on=date(1999, 12, 31)) == 0
    assert "not cleared" in capsys.readouterr().out
    assert ask(**there, known=date(2100, 1, 1)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "2100-01-01 has not come yet" in said.err


def test_a_day_before_every_rule_is_said_to_lie_before_the_earliest() -> None:
    town = a_town(1)
    pair = (town.officers[0].pk, town.schools[0].pk, town.agency.pk)

    found = queries.standing_of(SYSTEM, *pair, day=date(1999, 12, 31))

    assert found is not None
    said = sentences.headline(found.standing)
    why = "no rules were in force on that day; the earliest are from 1 Jan 2000"
    assert said == f"not cleared: {why}"
    assert "migrate" not in sentences.mend(found.standing.grounds["sworn"].reasons[0])


def test_the_facts_are_printed_whole_and_as_json_with_or_without_saying_so() -> None:
    parser = ArgumentParser()
    options_facts(parser)

    for words in ([], ["--all"], ["--json"], ["--all", "--json"]):
        assert parser.parse_args(words)
