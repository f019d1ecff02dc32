import uuid

from django.db import models

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import Fact


class RuleSet(models.Model):
    """The rules of one jurisdiction on one topic."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    jurisdiction = models.CharField(max_length=10)  # "US" (the baseline), a state, or "program"
    topic = models.CharField(max_length=30)
    title = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["jurisdiction", "topic"], name="ruleset_of_one_topic"),
        )

    def __str__(self) -> str:
        return self.title


class RuleSetVersion(Fact):
    """One version of a rule set: in force from a day, known from a moment. `body` is the rules as JSON."""

    kind, owner, alone_by = "ruleset", "ruleset_id", ("ruleset_id",)
    terms = ("ruleset", "version", "body")
    record_class = RecordClass.PUBLIC

    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    body = models.TextField()

    class Meta(Fact.Meta):
        pass
