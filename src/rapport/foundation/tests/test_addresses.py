from uuid import UUID

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

UID = UUID("5f2b8b1e-2f0c-4f0e-9d1a-0123456789ab")


@pytest.mark.parametrize(
    "written", [str(UID), UID.hex, str(UID).upper(), UID.hex.upper()], ids=lambda w: w[:12]
)
def test_a_uid_leads_to_the_same_page_with_and_without_its_hyphens(written: str) -> None:
    found = resolve(f"/files/{written}/about/")

    assert found.view_name == "files:about"
    assert found.kwargs == {"uid": UID}


@pytest.mark.parametrize("written", [UID.hex[:-1], f"{UID.hex}0", f"{{{UID}}}", f"urn:uuid:{UID}"])
def test_what_is_no_uid_leads_nowhere(written: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/files/{written}/about/")


def test_addresses_are_printed_with_hyphens() -> None:
    assert reverse("files:about", args=[UID.hex]) == reverse("files:about", args=[UID])
    assert reverse("files:about", args=[UID]) == f"/files/{UID}/about/"
    with pytest.raises(NoReverseMatch):
        reverse("files:about", args=["none"])
