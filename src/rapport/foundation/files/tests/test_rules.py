import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation.access import Place, RecordClass
from rapport.foundation.facts import Refused
from rapport.foundation.files import rules
from rapport.foundation.files.rules import CSV, JPEG, PDF, PNG, TEXT, Custodian

AGENCY, SCHOOL, BOTH = Place(agency_id=1), Place(district_id=2, school_id=3), Place(1, 2, 3)


@pytest.mark.parametrize(
    ("data", "name", "media"),
    [
        (b"%PDF-1.7 rest", "letter.pdf", PDF),
        (b"%PDF-1.7 rest", "letter.exe", PDF),
        (b"\x89PNG\r\n\x1a\nrest", "photo", PNG),
        (b"\xff\xd8\xff\xe0rest", "photo.jpeg", JPEG),
        (b"name,hours\nDiaz,40\n", "list.CSV", CSV),
        (b"name,hours\nDiaz,40\n", "list.html", TEXT),
        ("Señora Díaz".encode(), "note.txt", TEXT),
        (b"<script>alert(1)</script>", "page.html", TEXT),
    ],
)
def test_what_a_file_is_is_read_from_its_bytes_not_from_its_name(
    data: bytes, name: str, media: rules.Media
) -> None:
    assert rules.media_of(data, name) == media


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90\x00", b"PK\x03\x04zip", b"GIF89a\x00", b"\x00", "Díaz".encode("latin-1")]
)
def test_what_is_empty_or_of_another_kind_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match=r"file|Files") as refused:
        rules.media_of(data, "certificate.pdf")

    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("certificate.pdf", "certificate.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\my letter.docx", "my letter.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("=1+1.pdf", "=1+1.pdf"),
    ],
)
def test_a_name_is_kept_as_people_know_it_and_as_no_system_misreads_it(
    given_name: str, kept: str
) -> None:
    assert rules.clean_name(given_name, PDF) == kept


@given(st.text(max_size=400))
def test_no_name_however_odd_holds_a_path_a_line_or_more_than_fits(name: str) -> None:
    kept = rules.clean_name(name, PDF)

    assert kept.endswith(".pdf")
    assert len(kept) <= rules.LONGEST_NAME
    assert not set(kept) & set('/\\\r\n\x00:*?"<>|')


@pytest.mark.parametrize(
    ("record_class", "at", "custodian"),
    [
        ("law_unit", BOTH, Custodian.AGENCY),
        ("personnel", AGENCY, Custodian.AGENCY),
        ("education", BOTH, Custodian.SCHOOL),
        ("education", Place(district_id=2), Custodian.DISTRICT),
        ("tip", SCHOOL, Custodian.SCHOOL),
        ("program", BOTH, Custodian.PROGRAM),
        ("program", AGENCY, Custodian.AGENCY),
        ("program", SCHOOL, Custodian.SCHOOL),
        ("public", Place(), Custodian.PROGRAM),
    ],
)
def test_who_keeps_a_record_follows_from_its_class_and_its_place(
    record_class: str, at: Place, custodian: Custodian
) -> None:
    assert rules.custodian_of(RecordClass(record_class), at) is custodian


@pytest.mark.parametrize(
    ("record_class", "at"),
    [("law_unit", SCHOOL), ("personnel", SCHOOL), ("education", AGENCY), ("threat", AGENCY)],
)
def test_a_record_without_its_custodian_is_refused(record_class: str, at: Place) -> None:
    with pytest.raises(Refused, match="is kept by"):
        rules.ensure_place(RecordClass(record_class), at)


@pytest.mark.parametrize(
    ("proposed_by", "deciding"), [(1, {1}), (1, {2, 1}), (None, set()), (1, set())]
)
def test_whoever_proposed_a_class_does_not_decide_it_under_any_of_their_ids(
    proposed_by: int | None, deciding: set[int]
) -> None:
    with pytest.raises(Refused, match="Somebody else"):
        rules.ensure_second_person(proposed_by, deciding)
