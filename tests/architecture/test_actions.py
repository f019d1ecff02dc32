"""What every action and every query is, whichever app it stands in."""

import ast

from tests.architecture.code import Function, Module, calls, face, on_shelf, reaches

LEAVE = {
    "rapport.foundation.access.require",
    "rapport.foundation.access.NotAllowed",  # where an action asks in words of its own
}
LINE = {
    "rapport.foundation.audit.trail.record",
    "rapport.foundation.audit.trail.record_many",
    "rapport.foundation.audit.trail.record_apart",
}

# Questions that are asked of the program itself, not by somebody: each with its reason.
_FOUND = "narrowed before: about rows that a query has found for its actor"
_NAMES = "`registry.names`: the names beside what a query has found for its actor"
_ATLAS = "`registry.atlases`: where places lie, for whoever narrows by it"
_SEATING = "asked to seat an actor, when there is none yet"
_ONE = "which ids are one person, so that what is asked next is asked of all of them"
_INVITING = "asked by `rapport invite`, which acts as the system"
_PROVING_IT = "asked while somebody proves who they are; there is no actor yet"
_SESSION = "of the session's own account, also while it is locked and its actor is nobody"
ASKED_BY_NOBODY: dict[str, str] = {
    "organizations.emergency_access.queries.opened.in_words": "how one that was found reads",
    "organizations.emergency_access.queries.opened.names": _NAMES,
    "organizations.emergency_access.queries.opened.opened": _SEATING,
    "organizations.people.queries.actors.actor_for": _SEATING,
    "organizations.people.queries.actors.actor_of": _SEATING,
    "organizations.people.queries.actors.official_schools": _SEATING,
    "organizations.people.queries.actors.merged": _ONE,
    "organizations.people.queries.actors.same_as": _ONE,
    "organizations.people.queries.actors.kept_person": _ONE,
    "organizations.people.queries.actors.names": _NAMES,
    "organizations.people.queries.listed.with_sign_in": _FOUND,
    "organizations.people.queries.persons.account_of": _ONE,
    "organizations.people.queries.persons.was_entrusted": "which of two sign-ins a join leaves",
    "organizations.people.queries.persons.roles_to_come": "all that ends with an account",
    "organizations.people.queries.persons.has_other_administrator": "counts and locks, shows nobody",
    "organizations.people.queries.persons.has_administrator": "counts and locks, shows nobody",
    "organizations.people.queries.scopes.place": _INVITING,
    "organizations.people.queries.scopes.known_places": _INVITING,
    "organizations.people.queries.scopes.called": "how a form names a place that its actor found already",
    "organizations.people.queries.scopes.holds": _INVITING,
    "organizations.people.queries.scopes.scope_of": "what a place is, whoever asks: no row is read",
    "organizations.places.queries.agency_names": _NAMES,
    "organizations.places.queries.district_names": _NAMES,
    "organizations.places.queries.school_names": _NAMES,
    "organizations.places.queries.under": _ATLAS,
    "organizations.places.queries.every": _ATLAS,
    "organizations.sign_in.queries.invited": _PROVING_IT,
    "organizations.sign_in.queries.account_of": _PROVING_IT,
    "organizations.sign_in.queries.needs_backing": _PROVING_IT,
    "organizations.sign_in.queries.is_proven": _PROVING_IT,
    "organizations.sign_in.queries.open_links": "the links of persons whom a query has found for its actor",
    "organizations.sign_in.queries.opens_by_itself": _PROVING_IT,
    "organizations.sign_in.queries.account_at": _PROVING_IT,
    "organizations.sign_in.queries.open_account": _PROVING_IT,
    "organizations.sign_in.queries.passkey": _PROVING_IT,
    "organizations.sign_in.queries.unused_code": _PROVING_IT,
    "organizations.sign_in.queries.factors": _SESSION,
    "organizations.sign_in.queries.app_to_confirm": _SESSION,
    "organizations.sign_in.queries.held": _SESSION,
    "organizations.sign_in.queries.words_held": _SESSION,
    "organizations.sign_in.queries.secret_of": _SESSION,
    "organizations.sign_in.queries.person_at": _INVITING,
    "organizations.sign_in.queries.waiting": "`registry.invited`: beside people whom a query has found for its actor",
    "standing.officers.queries.names": _NAMES,
    "standing.agreements.queries.naming.names": _NAMES,
    "standing.agreements.queries.found.official_districts": _SEATING,
    "standing.assignments.queries.offers.names": _NAMES,
    "standing.assignments.queries.standings.served": _SEATING,
}
# Questions with an asker that answer everybody alike, and acts that do the same whoever does them.
_PUBLIC = "public"
ALIKE: dict[str, str] = {
    "foundation.files.queries.proposals": _FOUND,
    "organizations.emergency_access.queries.pages.taken": _FOUND,
    "organizations.people.queries.cast.cast_rows": "the demo's people, whom everybody may be",
    "standing.agreements.queries.found.public_agreements": _PUBLIC,
    "standing.assignments.queries.pages.contacts": _FOUND,
    "standing.assignments.queries.rulebook.rulebook": _PUBLIC,
    "standing.officers.queries.agencies_of": _FOUND,
    "standing.training.queries.courses": _PUBLIC,
    "standing.training.queries.jurisdictions": _PUBLIC,
    "organizations.sign_in.actions.clearing.clear_ended": "the worker throws away what has ended anyhow",
    "organizations.sign_in.actions.invitations.end_links": "part of an act that asks leave and leaves the line",
    "organizations.sign_in.actions.clearing.plan_clearing": "a step of setting up: plans what the worker does",
    "organizations.sign_in.actions.held.hold": "keeps what a locked session sent; its actor is nobody then",
    "organizations.sign_in.actions.held.let_go": "forgets what a session's own person had sent",
    "organizations.sign_in.actions.proofs.check_passkey": "proves who somebody is; the actor is nobody",
}
# Actions that ask no leave of their own: each with its reason.
NO_LEAVE: dict[str, str] = {
    "foundation.files.actions.list_files": "the line of a list that its query has narrowed",
    "foundation.audit.actions.record_export": "the line of a history that its query has narrowed",
    "foundation.disclosure.actions.list_disclosures": "the line of a list that its query has narrowed",
    "foundation.audit.actions.record_list_taken": "the line of a list that its query has narrowed",
    "foundation.sharing.actions.export_rules": "the line of a table that anybody signed in may read",
    "standing.assignments.actions.following.follow_schools": "part of moving a school, which asks leave",
    "organizations.emergency_access.actions.finish": "the clock's: what it ends gives nothing any more",
    "organizations.emergency_access.actions.note_reading": "the line of a page that was given already",
}
_PROVING = "proves who somebody is; there is nobody yet to ask leave of"
NO_LEAVE |= {
    "organizations.sign_in.actions.proofs.check_address_and_password": _PROVING,
    "organizations.sign_in.actions.proofs.check_code": _PROVING,
    "organizations.sign_in.actions.proofs.check_passkey": _PROVING,
    "organizations.sign_in.actions.proofs.check_password_of": _PROVING,
    "organizations.sign_in.actions.proofs.check_with_recovery_code": _PROVING,
    "organizations.sign_in.actions.clearing.clear_ended": "the worker throws away what has ended anyhow",
    "organizations.sign_in.actions.invitations.end_links": "part of an act that asks leave and leaves the line",
    "organizations.sign_in.actions.clearing.plan_clearing": "a step of setting up: plans what the worker does",
    "organizations.sign_in.actions.held.hold": "keeps what a locked session sent; its actor is nobody then",
    "organizations.sign_in.actions.held.let_go": "forgets what a session's own person had sent",
    "organizations.sign_in.actions.invitations.end_own_link": "ends links to the actor's own sign-in, no others",
}
# Actions that leave no line: each with its reason.
NO_LINE: dict[str, str] = {
    "organizations.sign_in.actions.factors.begin_app": "makes a secret that counts only once it is confirmed",
    "organizations.sign_in.actions.proofs.check_passkey": "the sign-in that follows leaves it",
    "organizations.sign_in.actions.clearing.clear_ended": "is no act: what it throws away had ended",
    "organizations.sign_in.actions.invitations.end_links": "part of an act that asks leave and leaves the line",
    "organizations.sign_in.actions.clearing.plan_clearing": "plans, and does nothing yet",
    "organizations.sign_in.actions.held.hold": "is no act of the program: nothing was done yet",
    "organizations.sign_in.actions.held.let_go": "is no act of the program: nothing was done",
    "foundation.files.actions.remove_left_over": "removes bytes that no row names; the command says which",
}


def named(module: Module, function: Function) -> str:
    return f"{module.name}.{function.name}".removeprefix("rapport.")


ACTIONS = {named(m, f): (m, f) for m in on_shelf("actions") for f in face(m)}
QUERIES = {named(m, f): (m, f) for m in on_shelf("queries") for f in face(m)}


def first_argument(function: Function) -> str:
    return function.args.args[0].arg if function.args.args else ""


def test_every_action_names_who_acts_first() -> None:
    others = {name for name, (_, f) in ACTIONS.items() if first_argument(f) != "actor"}

    assert others == set()


def test_every_question_names_who_asks_first() -> None:
    others = {name for name, (_, f) in QUERIES.items() if first_argument(f) != "actor"}

    assert others == set(ASKED_BY_NOBODY)


def test_whoever_asks_or_acts_first_counts() -> None:
    unused = {
        name
        for name, (_, f) in (QUERIES | ACTIONS).items()
        if first_argument(f) == "actor"
        and not any(isinstance(n, ast.Name) and n.id == "actor" for n in ast.walk(f))
    }

    assert unused == set(ALIKE)


def test_every_action_asks_leave() -> None:
    without = {name for name in ACTIONS if not reaches(f"rapport.{name}") & LEAVE}

    assert without == set(NO_LEAVE)


def test_every_action_leaves_a_line() -> None:
    without = {name for name in ACTIONS if not reaches(f"rapport.{name}") & LINE}

    assert without == set(NO_LINE)


def test_the_walk_through_calls_tells_who_asks_and_who_does_not() -> None:
    assert reaches("rapport.standing.officers.actions.end_employment") & LINE
    assert reaches("rapport.standing.officers.actions.end_employment") & LEAVE
    assert not reaches("rapport.foundation.clock.now") & (LEAVE | LINE)


def test_no_action_reads_the_clock() -> None:
    now = "rapport.foundation.clock.now"

    assert [name for name, (m, f) in ACTIONS.items() if now in calls(m, f)] == []


def test_no_view_opens_a_table() -> None:
    managers = {"objects", "_default_manager", "_base_manager"}

    found = [
        f"{module.place}:{node.lineno}"
        for module in on_shelf("views", "pages")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]

    assert found == []


BULK = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "save"}
PLAIN = {"update", "delete", "create"}  # names that dictionaries and files have as well


def writes(module: Module) -> list[str]:
    """Return the calls of a module that write rows: a queryset's or a model's own."""
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        through_rows = any(
            isinstance(part, ast.Attribute) and part.attr in ("objects", "_default_manager")
            for part in ast.walk(node.func)
        )
        if node.func.attr in BULK or (node.func.attr in PLAIN and through_rows):
            found.append(f"{module.place}:{node.lineno} .{node.func.attr}()")
    return found


def test_rows_are_written_by_actions_and_the_foundation_alone() -> None:
    readers = ("rules", "access", "queries", "forms", "views", "urls", "apps", "commands", "case")

    outside = [
        line
        for module in on_shelf(*readers)
        if not module.name.startswith("rapport.foundation.")
        for line in writes(module)
    ]

    assert outside == []
