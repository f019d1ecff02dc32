"""What is lost is accepted by both sides, stays readable, and the trail goes on safely."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from rapport.foundation import guards
from rapport.foundation.access import SYSTEM, Actor, NotAllowed, Role, RoleAt, Scope
from rapport.foundation.audit import (
    actions,
    commands,
    keys,
    losses,
    rules,
    testimony,
    verify,
    witness,
)
from rapport.foundation.audit.models import Consent, Line, Loss, Reason, Side
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import drop_triggers, grow, of_lines, sign_anew, sql
from rapport.foundation.facts import Overtaken, Refused

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
CHIEF = Actor(person_id=7, roles=frozenset({RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, 1)}))
SERGEANT = Actor(person_id=8, roles=frozenset({RoleAt(Role.SUPERVISOR, Scope.AGENCY, 1)}))
DIRECTOR = Actor(person_id=9, roles=frozenset({RoleAt(Role.SAFETY_DIRECTOR, Scope.DISTRICT, 2)}))
PRINCIPAL = Actor(person_id=10, roles=frozenset({RoleAt(Role.PRINCIPAL, Scope.SCHOOL, 3)}))
BOTH_HATS = Actor(person_id=11, roles=CHIEF.roles | DIRECTOR.roles)


@pytest.fixture
def old_backup(committed: str) -> None:
    """A trail of 40 lines of which a backup of 25 was put back, and used for three lines."""
    grow(1, 40)
    drop_triggers()
    sql("DELETE FROM trail WHERE id > 25")
    grow(50, 3)
    guards.put_back(connection)


def propose(reason: Reason = Reason.RESTORED_BACKUP) -> Loss:
    return actions.propose(SYSTEM, [witness.current().path], reason=reason, now=NOW)


def accept(loss: Loss) -> None:
    for actor in (CHIEF, DIRECTOR):
        actions.consent(actor, loss, now=NOW)


def notes() -> list[str]:
    seen = testimony.read([witness.current().path])
    return [note["text"] for note in commands.notes_of(seen.accepted)]


def test_an_old_backup_that_was_used_is_found(old_backup: None) -> None:
    words = of_lines(build.found())

    assert words == [
        "lines 0-26 to 0-28: written twice: the end was cut and the trail grew again",
        "lines 0-29 to 0-40: missing: the lane is cut at the end, from here on (12 lines)",
    ]


def test_a_proposal_lets_the_trail_go_on_beyond_what_was_lost_and_changes_no_finding(
    old_backup: None,
) -> None:
    loss = propose()

    assert Line.objects.filter(id__gt=28).values_list("id", "verb", "detail")[0] == (
        41,
        "audit.resume",
        '{"first":29,"last":40}',
    )
    assert [str(f) for f in losses.findings(loss.found)] == [
        "lines 0-26 to 0-28: written twice: the end was cut and the trail grew again",
        "lines 0-29 to 0-40: missing (12 lines)",
    ]
    assert len(of_lines(build.found())) == 2


def test_a_loss_accepted_by_both_sides_is_a_note_from_then_on(old_backup: None) -> None:
    loss = propose()

    accept(loss)

    assert build.found() == []
    (note,) = notes()
    assert note == (
        "accepted on 2026-03-20 (restored_backup): lines 0-26 to 0-28: written twice: the end was "
        "cut and the trail grew again; lines 0-29 to 0-40: missing (12 lines)"
    )
    grow(60, 5)
    assert build.found() == []
    check = verify.Check(testimony.read([witness.current().path]))
    assert list(check.findings()) == []
    witness.current().shorten(check.seen.readings[0], check.ends, NOW)
    assert build.found() == []
    assert notes() == [note]


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ("DELETE FROM trail WHERE id > 43", "lines 0-44 to 0-47: missing: the lane is cut at the"),
        ("DELETE FROM trail WHERE id = 27", "line 0-27: missing"),
        ("UPDATE trail SET verb = 'x' WHERE id = 26", "line 0-26: changed or forged"),
        ("UPDATE trail SET verb = 'x' WHERE id = 28", "line 0-28: changed or forged"),
        ("UPDATE trail SET id = 30 WHERE id = 28", "line 0-28: missing"),
    ],
)
@pytest.mark.parametrize("is_shortened", [False, True])
def test_what_happens_after_an_accepted_loss_is_found(
    old_backup: None, later: str, words: str, *, is_shortened: bool
) -> None:
    accept(propose())
    grow(60, 3)
    if is_shortened:
        check = verify.Check(testimony.read([witness.current().path]))
        assert list(check.findings()) == []
        witness.current().shorten(check.seen.readings[0], check.ends, NOW)
    drop_triggers()

    sql(later)

    assert any(line.startswith(words) for line in of_lines(build.found()))


def test_lines_of_an_accepted_loss_signed_anew_are_found(old_backup: None) -> None:
    accept(propose())
    drop_triggers()

    sql("UPDATE trail SET verb = 'x' WHERE id = 26")
    sign_anew(26)

    words = of_lines(build.found())
    assert "line 0-28: no longer what was accepted" in words


def test_a_second_old_backup_is_found_and_accepted_again(old_backup: None) -> None:
    accept(propose())
    grow(60, 5)
    drop_triggers()
    sql("DELETE FROM trail WHERE id > 20")
    grow(70, 2)
    guards.put_back(connection)
    unborne, twice = of_lines(build.found())[:2]
    assert unborne.endswith("was accepted, and no signed line does")
    assert twice.startswith("lines 0-21 to 0-22: written twice")

    accept(propose())

    assert build.found() == []
    assert len(notes()) == 2


def test_one_side_and_sql_do_not_accept_for_both(old_backup: None) -> None:
    loss = propose()
    actions.consent(CHIEF, loss, now=NOW)
    on = {
        "postgresql": " ON audit_consent",
    }.get(connection.vendor, "")
    sql(f"DROP TRIGGER audit_consent_frozen{on}")
    Consent.objects.create(loss=loss, side=Side.DISTRICT, person_id=9, at=NOW)
    actions._tell_the_witness(
        Loss(uid=loss.uid, found=loss.found, reason=loss.reason, accepted_at=NOW)
    )
    guards.put_back(connection)

    words = of_lines(build.found())

    assert words[0].endswith(f"the loss {loss.uid.hex} was accepted, and no signed line does")
    assert any("written twice" in line for line in words)


def test_what_somebody_wrote_into_the_witness_is_not_accepted(old_backup: None) -> None:
    with witness.current().path.open("a") as file:
        file.write(
            f"accepted 2026-03-20T00:00:00+00:00 {'ab' * 16} restored_backup missing 29 40 -\n"
        )

    words = of_lines(build.found())

    assert any("no signed line does" in line for line in words)
    assert any("lines 0-29 to 0-40: missing" in line for line in words)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_loss SET found = '[]'",
        "UPDATE audit_loss SET needs_both = NOT needs_both",
        "DELETE FROM audit_consent",
        "UPDATE audit_consent SET side = 'district'",
    ],
)
def test_what_was_put_before_people_and_who_accepted_it_stays_as_it_was(
    old_backup: None, statement: str
) -> None:
    actions.consent(CHIEF, propose(), now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement)


def test_an_emptied_trail_goes_on_beyond_what_was_lost(committed: str) -> None:
    grow(1, 10)
    drop_triggers()
    sql("DELETE FROM trail")
    guards.put_back(connection)

    accept(propose())

    assert Line.objects.order_by("id").values_list("id", flat=True)[0] == 11
    assert build.found() == []
    grow(20, 2)
    assert build.found() == []


def test_tampering_can_be_accepted_and_stays_pinned(committed: str) -> None:
    grow(1, 10)
    drop_triggers()
    sql("UPDATE trail SET verb = 'x' WHERE id = 4", "DELETE FROM trail WHERE id = 7")
    guards.put_back(connection)

    accept(propose(Reason.TAMPERED))

    assert build.found() == []
    drop_triggers()
    sql("UPDATE trail SET verb = 'y' WHERE id = 4")
    assert of_lines(build.found()) == ["line 0-4: no longer what was accepted"]


def test_one_person_may_accept_the_last_lines_that_a_power_cut_left_unnoted(
    committed: str,
) -> None:
    grow(1, 5)
    path = witness.current().path
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]) + b"\0\0\0")
    loss = propose(Reason.POWER_CUT)

    actions.consent(DIRECTOR, loss, now=NOW)

    assert not loss.needs_both
    assert build.found() == []


def test_two_people_are_needed_who_are_not_one_with_two_hats(old_backup: None) -> None:
    loss = propose()

    actions.consent(BOTH_HATS, loss, now=NOW)

    with pytest.raises(Overtaken):
        actions.consent(BOTH_HATS, loss, now=NOW)
    with pytest.raises(Overtaken):
        actions.consent(SERGEANT, loss, now=NOW)
    assert build.found() != []
    actions.consent(DIRECTOR, loss, now=NOW)
    assert build.found() == []


@pytest.mark.parametrize("actor", [PRINCIPAL, SYSTEM, Actor(person_id=12)])
def test_nobody_else_accepts_a_loss(old_backup: None, actor: Actor) -> None:
    loss = propose()

    with pytest.raises(NotAllowed):
        actions.consent(actor, loss, now=NOW)


def test_only_the_machines_own_shell_proposes_and_makes_keys(committed: str) -> None:
    for actor in (CHIEF, DIRECTOR, PRINCIPAL):
        with pytest.raises(NotAllowed):
            actions.propose(actor, [], reason=Reason.DISK, now=NOW)
        with pytest.raises(NotAllowed):
            actions.rotate_key(actor, now=NOW)


def test_both_sides_at_the_same_instant_make_it_whole(old_backup: None) -> None:
    loss = propose()
    ready = threading.Barrier(2)
    troubles: list[BaseException] = []

    def say_yes(actor: Actor) -> None:
        try:
            ready.wait()
            actions.consent(actor, loss, now=NOW)
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(a,)) for a in (CHIEF, DIRECTOR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert build.found() == []


def test_the_same_proposal_twice_is_one(old_backup: None) -> None:
    assert propose() == propose()
    assert Loss.objects.count() == 1


def test_a_whole_trail_has_nothing_to_accept(committed: str) -> None:
    grow(1, 3)

    with pytest.raises(Refused, match="whole"):
        propose()


def test_what_is_to_be_put_right_cannot_be_accepted(committed: str) -> None:
    grow(1, 3)
    path = witness.current().path
    path.write_bytes(b"home 0123456789abcdef\n" + path.read_bytes().split(b"\n", 1)[1])
    lines = Line.objects.count()

    with pytest.raises(Refused, match="put it right first"):
        propose()

    assert Line.objects.count() == lines


def test_nothing_is_accepted_where_the_witness_cannot_note_it(
    old_backup: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = propose()
    actions.consent(CHIEF, loss, now=NOW)
    own = witness.current()
    kept = own.path.rename(own.path.with_name("kept"))
    own.path.mkdir()

    with pytest.raises(Refused, match="nothing was accepted"):
        actions.consent(DIRECTOR, loss, now=NOW)

    own.path.rmdir()
    kept.rename(own.path)
    loss.refresh_from_db()
    assert (loss.accepted_at, loss.consents.count()) == (None, 1)
    assert Path(own.path).is_file()
    assert keys.ring().current == 1


def test_lost_lanes_go_on_each_in_itself(committed: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lane.")
    grow(1, 3)
    write_beside(5)
    drop_triggers()
    sql("DELETE FROM trail WHERE object_id > 3", "DELETE FROM trail WHERE id = 3")
    guards.put_back(connection)

    accept(propose())

    assert build.found() == []
    assert {n >> rules.LANE for n in Line.objects.values_list("id", flat=True)} == {0, 1}


def write_beside(count: int) -> None:
    """Write lines in lane 1, while lane 0 is held."""
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7001, 0)")
            ready.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(10)
    grow(100, count)
    done.set()
    thread.join()
