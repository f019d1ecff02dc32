"""Words that several pages share: what the classes, roles and scopes are called."""

from datetime import date, timedelta

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Reach, RecordClass, Right, Role, Scope

CLASSES: dict[RecordClass, Promise | str] = {
    RecordClass.PROGRAM: _("shared by both sides"),
    RecordClass.EDUCATION: _("education record"),
    RecordClass.LAW_UNIT: _("law enforcement unit record"),
    RecordClass.MENTORING: _("mentoring"),
    RecordClass.TIP: _("tip"),
    RecordClass.THREAT: _("threat assessment"),
    RecordClass.PERSONNEL: _("personnel"),
    RecordClass.INTERNAL_AFFAIRS: _("internal affairs"),
    RecordClass.SECURITY: _("security-sensitive"),
    RecordClass.PUBLIC: _("public"),
}
ROLES: dict[Role, Promise | str] = {
    Role.OFFICER: _("officer"),
    Role.SUPERVISOR: _("SRO supervisor"),
    Role.AGENCY_HEAD: _("agency head"),
    Role.INVESTIGATOR: _("investigator"),
    Role.DISPATCHER: _("dispatcher"),
    Role.PRINCIPAL: _("principal"),
    Role.FRONT_OFFICE: _("front office"),
    Role.SCHOOL_STAFF: _("school staff"),
    Role.COUNSELOR: _("counselor"),
    Role.TEAM_MEMBER: _("threat assessment team member"),
    Role.SAFETY_DIRECTOR: _("district safety director"),
    Role.SUPERINTENDENT: _("superintendent"),
    Role.PRIVACY_OFFICER: _("privacy officer"),
    Role.BOARD_MEMBER: _("oversight board member"),
    Role.ADMINISTRATOR: _("system administrator"),
    Role.LINK_HOLDER: _("holder of a link"),
    Role.PUBLIC: _("the public"),
}
RIGHTS: dict[Right, Promise | str] = {
    Right.KNOW: _("know that it is there"),
    Right.READ: _("read"),
    Right.WRITE: _("write"),
    Right.DISCLOSE: _("disclose"),
}
REACHES: dict[Reach, Promise | str] = {
    Reach.NONE: _("no"),
    Reach.OWN: _("about oneself"),
    Reach.HELD: _("where the role is held"),
    Reach.OFFICIAL: _("as a school official"),
    Reach.ALL: _("everywhere"),
}
SCOPES: dict[Scope, Promise | str] = {
    Scope.PROGRAM: _("the program"),
    Scope.AGENCY: _("agency"),
    Scope.DISTRICT: _("district"),
    Scope.SCHOOL: _("school"),
}


def standing_words(word: str, until: date | None, *, by_exception: bool = False) -> str:
    """Return a standing as badges, lists and files say it; `until` is the first day on which it ends."""
    if word in ("cleared", "provisional") and until is not None:
        day = formats.date_format(until - timedelta(days=1), "DATE_FORMAT")
        if by_exception:
            return _now("Cleared by exception through {day}").format(day=day)
        return _now("Cleared through {day}").format(day=day)
    if word in ("cleared", "provisional"):
        return _now("Cleared")
    return _now("Not cleared") if word == "not_cleared" else _now("Not known")


def class_word(record_class: str) -> str:
    """Return what a class is called."""
    return str(CLASSES[RecordClass(record_class)])


def class_words() -> list[tuple[str, str]]:
    """Return every class with what it is called, for a filter."""
    return [(c.value, class_word(c)) for c in RecordClass]
