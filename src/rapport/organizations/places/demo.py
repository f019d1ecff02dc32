"""The demo town's places: real schools, an invented agency."""

from datetime import timedelta
from importlib.resources import files
from typing import Final

from django.utils.text import slugify

from rapport.foundation.access import SYSTEM
from rapport.foundation.demo import Town, working_day
from rapport.foundation.facts import Source
from rapport.foundation.tables.imports_csv import text_of
from rapport.organizations.places import actions, queries
from rapport.organizations.places.actions import NewAgency, Wanted

SCHOOLS: Final = "charlottesville_region.csv"  # its source: data/README.md
DISTRICT: Final = "Charlottesville City"
HIGH_SCHOOL: Final = "charlottesville-high"
SECOND_SCHOOL: Final = "buford-middle"
WEEKS_BEFORE: Final = 3


def build(town: Town) -> None:
    """Import the schools and add the agency some weeks before the town begins; then it starts."""
    day = working_day(town.start - timedelta(weeks=WEEKS_BEFORE))
    now = town.at(day, 8)
    data = files("rapport.organizations.places").joinpath("data", SCHOOLS).read_bytes()
    actions.import_schools(SYSTEM, text_of(data), Wanted("VA"), now=now)
    agency = actions.add_agency(
        SYSTEM,
        NewAgency(
            name="Rivanna Bend Police Department",
            short_name="Rivanna Bend PD",
            state="VA",
            ori="VA9990100",
        ),
        now=now + timedelta(minutes=10),
    )
    district = queries.districts(SYSTEM).get(name=DISTRICT)
    schools = {slugify(s.name): s for s in queries.schools_of(SYSTEM, district, day)}
    town.cast |= {
        "agency": agency,
        "district": district,
        "schools": schools,
        "high_school": schools[HIGH_SCHOOL],
        "second_school": schools[SECOND_SCHOOL],
    }
    first = town.ago(months=18)
    town.on(
        first,
        8,
        lambda at: actions.start_agency(
            town.actor("chief", at), agency, now=at, valid_from=first, source=Source.RECORD
        ),
    )
