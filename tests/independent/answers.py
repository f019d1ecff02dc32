"""Section 4 of docs/check-a-standing.md: what the facts say of one rule, need by need."""

from collections.abc import Callable

from tests.independent.case import BLANK, YES, Answer, Case, Rule, no, stale_from


def certified(case: Case, _rule: Rule) -> Answer:
    facts = case.all("certification", officer=case.officer, state=case.agency_state)
    return case.among(facts, status="certified")


def employed(case: Case, _rule: Rule) -> Answer:
    return case.among(case.all("employment", **case.who))


def on_duty(case: Case, _rule: Rule) -> Answer:
    return case.among(case.all("duty_status", **case.who), status="on_duty")


def selected(case: Case, _rule: Rule) -> Answer:
    return case.among(case.all("selection", **case.who), outcome="selected")


def district_part(case: Case, _rule: Rule) -> Answer | None:
    chosen = case.holding("selection", **case.who, outcome="selected")
    parts = {fact["district_part"] for fact in chosen}
    if not chosen:
        return None
    if parts & {"on_panel", "concurred"}:
        return YES
    return BLANK if "unknown" in parts else no(fact.since for fact in chosen)


def evaluated(case: Case, rule: Rule) -> Answer:
    return case.fresh_one(case.holding("evaluation", **case.who), rule)


def course(case: Case, rule: Rule) -> Answer:
    hours, failed = [], []
    for fact in case.all("completion", officer=case.officer):
        if fact["course"] not in rule["courses"] or fact.since > case.on:
            continue
        ends = (fact.until, stale_from(fact, rule))
        if over := [end for end in ends if end and end <= case.on]:
            failed.append(min(over))
        elif fact["result"] == "completed":
            hours.append(fact["hours"])
        else:
            failed.append(fact.since)
    told, asked = [number for number in hours if number is not None], rule.get("hours", 0)
    if hours and sum(told) >= asked and (told or not asked):
        return YES
    return no(failed) if failed else BLANK


def verified(case: Case, _rule: Rule) -> Answer | None:
    done = case.holding("completion", officer=case.officer, result="completed")
    if not done:
        return None
    seen = {fact["completion"] for fact in case.holding("verification")}
    return YES if all(fact["completion"] in seen for fact in done) else BLANK


def judged(case: Case, agreement: str) -> Answer:
    """Judge one agreement by its parts."""
    parties = case.all("party", agreement=agreement)
    coverage = case.all("coverage", agreement=agreement, district=case.district)
    parts = [
        case.all("agreement", agreement=agreement),
        [fact for fact in parties if fact["agency"] == case.agency],
        [fact for fact in parties if fact["district"] == case.district],
        [fact for fact in coverage if fact["school"] in (None, case.school)],
    ]
    for party in parties:
        if party.holds(case.on):
            side = {name: party[name] for name in ("agency", "district")}
            parts.append(case.all("signature", agreement=agreement, **side))
    said = [case.among(part) for part in parts]
    if all(answer.says for answer in said):
        return YES
    if any(answer.says is None for answer in said):
        return BLANK
    return no(answer.failed for answer in said)


def judged_all(case: Case) -> dict[str, Answer]:
    """Return what is said of each agreement of the agency with the district."""
    if case.district in (None, case.own_district):
        return {}
    ours = {fact["agreement"] for fact in case.all("party", agency=case.agency)}
    theirs = {fact["agreement"] for fact in case.all("party", district=case.district)}
    return {uid: judged(case, uid) for uid in ours & theirs}


def agreement(case: Case, _rule: Rule) -> Answer:
    if case.district is not None and case.district == case.own_district:
        return YES
    said = judged_all(case).values()
    if any(answer.says for answer in said):
        return YES
    failed = [answer.failed for answer in said if answer.says is False]
    return no(failed) if failed else BLANK


def review(case: Case, rule: Rule) -> Answer | None:
    in_force = [uid for uid, answer in judged_all(case).items() if answer.says]
    if not in_force or not rule.get("every_months"):
        return None
    latest = []
    for uid in in_force:
        facts = [
            f for kind in ("affirmation", "agreement") for f in case.holding(kind, agreement=uid)
        ]
        latest.append(max(facts, key=lambda fact: fact.since))
    return case.fresh_one(latest, rule)


def clauses(case: Case, rule: Rule) -> Answer | None:
    in_force = [uid for uid, answer in judged_all(case).items() if answer.says]
    if not in_force:
        return None
    have = {fact["number"] for uid in in_force for fact in case.holding("clause", agreement=uid)}
    return YES if have.issuperset(rule["clauses"]) else BLANK


Asker = Callable[[Case, Rule], Answer | None]
SWORN: tuple[Asker, ...] = (certified, employed, on_duty)
SELECTED: tuple[Asker, ...] = (selected, district_part, evaluated)
TRAINED: tuple[Asker, ...] = (course, verified)
AGREED: tuple[Asker, ...] = (agreement, review, clauses)
BY_GROUND = {"sworn": SWORN, "selected": SELECTED, "trained": TRAINED, "agreed": AGREED}
GROUNDS = {
    ground: {needs.__name__: needs for needs in asked} for ground, asked in BY_GROUND.items()
}
NEEDS = {name: needs for asked in GROUNDS.values() for name, needs in asked.items()}
