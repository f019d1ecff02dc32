"""States and territories by their postal code, each with the time zone of most of its schools."""

from typing import Final

_ZONES: Final = {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
STATES: Final = {state: zone for zone, states in _ZONES.items() for state in states.split()}


def zone_of(state: str) -> str:
    """Return the time zone of most of a state's schools. Raises `KeyError` for what is no state.

    Thirteen states lie in two zones; a school in the smaller part is corrected by hand.
    """
    return STATES[state]
