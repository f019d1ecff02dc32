"""What people do with agencies, districts and schools."""

from rapport.organizations.places.actions.claims import settle_claim
from rapport.organizations.places.actions.moves import move_school
from rapport.organizations.places.actions.school_list import Imported, Wanted, import_schools

__all__ = ["Imported", "Wanted", "import_schools", "move_school", "settle_claim"]
