from types import SimpleNamespace

import pytest

from autodidact.errors import UsageError
from autodidact.gate import secrets
from autodidact.gate.rule import Context, Drop
from autodidact.records import example
from autodidact.scanning.deny_list import denied
from autodidact.settings import load_settings


def settings(*entries):
    return SimpleNamespace(deny=list(entries))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("built for Acme Rockets in May", 1),
        ("built for acme rockets", 1),
        ("acme%20rockets", 1),
        ("host db-17.inner.net", 2),
        ("host db-x.inner.net", None),
    ],
)
def test_literal_text_and_expressions_are_found_in_every_reading(text, entry):
    assert denied(text, settings("Acme Rockets", r"/db-\d+\.inner\.net/")) == entry


def test_an_example_is_dropped_by_the_number_of_the_entry():
    one = example(
        "session_miner", "tool_use", "For whom?", "For Acme Rockets.", {"kind": "transcript", "ref": "s"}
    )
    assert secrets.check(one, Context(settings("x-ray", "Acme Rockets"), len, None)) == Drop(
        "on the list of what is denied", "entry 2"
    )


@pytest.mark.parametrize("entry", ["/(hush/", " "])
def test_a_bad_entry_is_named_by_its_number(entry):
    with pytest.raises(UsageError, match="Entry 2 of gate.deny") as error:
        denied("text", settings("fine", entry))
    assert "hush" not in str(error.value)


def test_the_list_is_not_frozen_and_not_shown():
    loaded = load_settings(overrides={"gate.deny": ["Acme Rockets"]}, environ={})
    assert "deny" not in loaded.frozen()["gate"]
    with pytest.raises(UsageError) as error:
        load_settings(overrides={"gate.deny": {"hush": 1}}, environ={})
    assert "hush" not in f"{error.value}"
