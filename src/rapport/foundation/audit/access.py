"""Who may read the history, and whose word it takes to accept that something of it is lost."""

from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access as wall
from rapport.foundation import registry
from rapport.foundation.access import Actor, RecordClass, Right, Role
from rapport.foundation.audit.models import Line, Loss, Side

ROTATE = registry.verb("audit.rotate_key", "trail", None, None, _("made a new key for the history"))
RESUME = registry.verb(
    "audit.resume", "trail", None, None, _("let the history go on after lines were lost")
)
PROPOSE = registry.verb(
    "audit.propose", "loss", None, None, _("asked both sides to accept what the history lacks")
)
CONSENT = registry.verb(
    "audit.consent", "loss", None, None, _("accepted, for one side, what the history lacks")
)
EXPORT = registry.verb("audit.export", "trail", None, None, _("took the history as a file"))
TAKE_LIST = registry.verb("tables.export", "list", None, None, _("took a list as a file"))
REFUSED = registry.verb("audit.refused", "page", None, None, _("was refused something"))

SIDES: Final[dict[Side, frozenset[Role]]] = {
    Side.AGENCY: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    Side.DISTRICT: frozenset({Role.SUPERINTENDENT, Role.SAFETY_DIRECTOR, Role.PRIVACY_OFFICER}),
}
READERS: Final = SIDES[Side.AGENCY] | SIDES[Side.DISTRICT] | {Role.ADMINISTRATOR}


def may_read(actor: Actor) -> bool:
    """Tell whether the actor reads what others did, and not only what he did himself."""
    return actor.is_system or actor.holds(*READERS)


def visible_lines(actor: Actor) -> QuerySet[Line]:
    """Return the lines that this actor may read: his own acts, and what the wall gives his office.

    A line is read by whoever may read its class where it lies. Its class is its verb's, else its
    thing's. A verb of an app that is off is not there. What he himself was refused he does not read:
    it would tell him that there is something.
    """
    rows = _lines().filter(verb__in=registry.verbs.names())
    if actor.is_system:
        return rows
    refused = Q(verb=REFUSED.name, actor_id__in=actor.persons)
    return rows.filter(Q(actor_id__in=actor.persons) | given(actor)).exclude(refused)


def has_lines(actor: Actor) -> bool:
    """Tell whether there is a history to read for the actor: whoever is signed in reads his own acts."""
    return actor.is_system or actor.person_id is not None


def known(actor: Actor) -> Q:
    """Return the filter on lines of whose things the actor may know: whatever a role gives, not his office alone."""
    as_roles_say = actor.without_emergency()
    unclassed = Q(verb__in=_names(None), record_class=None)
    return (
        given(actor)
        | _by_the_wall(as_roles_say)
        | (unclassed & wall.within(as_roles_say, Right.READ, RecordClass.PROGRAM))
    )


def _lines() -> QuerySet[Line]:
    return Line.objects.annotate(about_person_id=F("subject_id"))


def given(actor: Actor) -> Q:
    """Return the filter on lines that the wall and the actor's office come to."""
    if actor.is_system:
        return Q()
    office = actor.only(*READERS).without_emergency()  # it opens records, not who read them
    if not office.roles:
        return Q(pk__in=())
    return _by_the_wall(office) | _without_class(office)


def _by_the_wall(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    found = Q(pk__in=())
    unclassed = _names(None)
    for record_class in RecordClass:
        here = Q(verb__in=_names(record_class))
        here |= Q(verb__in=unclassed, record_class=record_class.value)
        found |= here & wall.within(actor, Right.READ, record_class)
    return found


def _without_class(office: Actor) -> Q:
    """Sign-ins, roles, the system's own work: all for the administrator, for others where they lie."""
    here = Q(verb__in=_names(None), record_class=None)
    if office.holds(Role.ADMINISTRATOR):
        return here
    return here & wall.within(office, Right.READ, RecordClass.PROGRAM)


def _names(record_class: RecordClass | None) -> list[str]:
    return [verb.name for verb in registry.verbs if verb.record_class is record_class]


def sides(actor: Actor) -> frozenset[Side]:
    """Return the sides for which the actor may speak where the history lacks something."""
    return frozenset(side for side, roles in SIDES.items() if actor.holds(*roles))


def visible_losses(actor: Actor) -> QuerySet[Loss]:
    """Return what was put before both sides, for everybody who reads the history by office."""
    return Loss.objects.all() if may_read(actor) else Loss.objects.none()


def free_sides(actor: Actor, loss: Loss) -> list[Side]:
    """Return the sides for which this actor can still accept a loss; none who accepted it once."""
    given_ = list(loss.consents.all())
    if loss.accepted_at is not None or any(c.person_id in actor.persons for c in given_):
        return []
    return sorted(sides(actor) - {Side(c.side) for c in given_})
