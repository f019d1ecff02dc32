"""What every fact, verb and scoped row has, whichever app it stands in."""

import re

import pytest
from django.apps import apps
from django.db.models import Model

from rapport.foundation import registry
from rapport.foundation.access import RecordClass
from rapport.foundation.facts import Fact, ScopedFact, fact_models

FACTS = fact_models()
OURS = [m for m in apps.get_models() if m.__module__.startswith("rapport.")]
VERBS = list(registry.verbs)


def labeled(model: type[Model]) -> str:
    return str(model._meta.label)


@pytest.mark.parametrize("model", FACTS, ids=labeled)
def test_every_fact_says_what_it_is_and_what_it_is_about(model: type[Fact]) -> None:
    columns = {f.attname for f in model._meta.concrete_fields} | {
        f.name for f in model._meta.concrete_fields
    }

    assert model.kind
    assert model.owner in columns
    assert set(model.alone_by) <= columns
    assert model.terms
    assert all(hasattr(model, name) or hasattr(model, f"{name}_id") for name in model.terms)
    assert isinstance(model.record_class, RecordClass)


def test_every_kind_of_fact_has_a_word_of_its_own() -> None:
    kinds = [m.kind for m in FACTS]

    assert sorted(set(kinds)) == sorted(kinds)


@pytest.mark.parametrize("model", [m for m in FACTS if issubclass(m, ScopedFact)], ids=labeled)
def test_every_scoped_fact_has_all_three_scope_columns(model: type[ScopedFact]) -> None:
    columns = {f.attname for f in model._meta.concrete_fields}

    assert {"agency_id", "district_id", "school_id", "about_person_id"} <= columns


# A rule set's version is its text: a law's, not somebody's words about a person.
TEXTS = {"rulesets.RuleSetVersion": ["body"]}


@pytest.mark.parametrize("model", FACTS, ids=labeled)
def test_a_fact_row_holds_no_free_words(model: type[Fact]) -> None:
    long_texts = [
        f.name for f in model._meta.concrete_fields if f.get_internal_type() == "TextField"
    ]

    assert long_texts == TEXTS.get(labeled(model), [])


@pytest.mark.parametrize("model", OURS, ids=labeled)
def test_no_outside_id_tells_a_count_an_order_or_a_time(model: type[Model]) -> None:
    for field in model._meta.concrete_fields:
        if field.get_internal_type() == "UUIDField" and field.has_default():
            assert field.get_default().version == 4, field.name


def test_every_verb_has_a_sentence_and_a_shredding_rule() -> None:
    assert VERBS
    for verb in VERBS:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", verb.name), verb
        assert str(verb.sentence).strip(), verb
        assert verb.shreds.strip(), verb
