"""An officer's page: may this officer serve, on what grounds, and how was it on any past day?"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.foundation.audit.access import may_read
from rapport.foundation.kinds.queries import FactRow
from rapport.standing.assignments import queries
from rapport.standing.assignments.views import asked, shown
from rapport.standing.officers import access as officers
from rapport.standing.officers.actions import open_records


@require_safe
def officer(request: Request, uid: UUID) -> HttpResponse:
    """Show the standing at each school on a day, as known now or then, and the records behind it."""
    one = get_object_or_404(
        officers.visible_officers(request.actor).select_related("person"), uid=uid
    )
    when = asked.read(request)
    services = queries.services(request.actor, one, day=when.day, known=when.known)
    records = queries.records(request.actor, one, known=when.known)
    if any(row.is_watched for row in records):
        open_records(request.actor, one, now=request.now)
    labels = queries.officer_labels(request.actor, [one.pk], day=when.day, known=when.known)
    rests_on = queries.evidence(request.actor, services, records, known=when.known)
    page = {
        "officer": one,
        "label": labels[one.pk],
        "asked": when,
        "services": [shown.service(s, when, rests_on) for s in services],
        "records": records,
        "reads_history": may_read(request.actor),
        "moments": _moments(records)[:40],
        "new_urls": []
        if when.known
        else [
            *queries.offers(request.actor, one, day=when.day),
            *queries.new_urls(request.actor, one),
        ],
    }
    return render(request, "assignments/officer.html", page)


def _moments(records: Iterable[FactRow]) -> list[datetime]:
    """Return the moments at which what is known changed, newest first: the second axis of the timeline."""
    seen = {m for row in records for m in (row.recorded_at, row.withdrawn_at) if m}
    return sorted(seen, reverse=True)
