"""What `make check` judges, so that none of it is forgotten."""

from tests.check import checks


def test_make_check_also_judges_the_words_of_both_languages() -> None:
    said = {" ".join(words[-2:]) for words in checks().values()}

    assert "messages --check" in said
