"""What is done to rule sets. A version is a fact: a corrected file changes nothing known before."""

from datetime import datetime

from django.db import transaction

from rapport.foundation import facts, registry
from rapport.foundation.access import Actor, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.facts import Source
from rapport.foundation.rulesets import access
from rapport.foundation.rulesets.files import FileVersion, RuleFile, read
from rapport.foundation.rulesets.models import RuleSet, RuleSetVersion


@transaction.atomic
def load_shipped(actor: Actor, *, now: datetime) -> int:
    """Load every shipped rule set; return how many versions are new or changed.

    A program's own set has the jurisdiction "program" and is never touched. Raises `ValueError`
    naming the file and rule that cannot be read.
    """
    if not actor.is_system:
        raise NotAllowed(access.LOAD.name)
    changed = 0
    for shelf in registry.rule_shelves:
        for file in read(shelf):
            changed += _load(actor, file, now=now)
    return changed


def _load(actor: Actor, file: RuleFile, *, now: datetime) -> int:
    ruleset, _ = RuleSet.objects.get_or_create(
        jurisdiction=file.jurisdiction, topic=file.topic, defaults={"title": file.title}
    )
    known = {v.version: v for v in RuleSetVersion.objects.known().filter(ruleset=ruleset)}
    outdated = [v for v in file.versions if _differs(known.get(v.version), v)]
    for version in outdated:  # first all old spans go, so that the new ones cannot overlap them
        if version.version in known:
            facts.withdraw(known[version.version], now=now)
    for version in outdated:
        before = known.get(version.version)
        row = facts.record(
            RuleSetVersion,
            now=now,
            ruleset=ruleset,
            version=version.version,
            body=version.body,
            valid_from=version.since,
            valid_until=version.until,
            source=Source.SHIPPED,
            replaces=before,
        )
        trail.record(
            actor,
            access.LOAD,
            row,
            at=now,
            jurisdiction=file.jurisdiction,
            topic=file.topic,
            version=version.version,
        )
    return len(outdated)


def _differs(row: RuleSetVersion | None, version: FileVersion) -> bool:
    if row is None:
        return True
    return (row.body, row.valid_from, row.valid_until) != (
        version.body,
        version.since,
        version.until,
    )
