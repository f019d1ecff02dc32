import threading
from datetime import timedelta

from django.db import connection

from rapport.standing.officers import actions
from rapport.standing.officers.models import Employment
from rapport.standing.officers.tests.build import NOON, a_supervisor, an_agency, an_officer


def test_two_who_put_the_same_badge_on_the_roster_at_once_end_with_one(committed: str) -> None:
    """The look before finds nothing for either; the guard has the last word."""
    agency = an_agency()
    first = an_officer(agency, "1", name="Sam Reyes", is_on_duty=False)
    second = an_officer(agency, "2", name="Kim Ott", is_on_duty=False)
    sergeant = a_supervisor(agency)
    facts = [Employment.objects.get(officer=o) for o in (first, second)]
    start, won = threading.Barrier(2), []

    def save(fact: Employment) -> None:
        start.wait()
        try:
            actions.correct_employment(sergeant, fact, badge="77", now=NOON + timedelta(minutes=1))
            won.append(fact.pk)
        except Exception as problem:
            assert type(problem).__name__ in ("Refused", "IntegrityError")  # noqa: PT017
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(f,)) for f in facts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert Employment.objects.known().filter(badge="77").count() == 1
    assert Employment.objects.known().count() == 2
