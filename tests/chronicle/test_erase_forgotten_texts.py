"""Taking texts out of a Chronicle, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import text

from autodidact.chronicle import Chronicle
from autodidact.chronicle.connection import writing
from autodidact.errors import AutodidactError

WORD = "zorblax"
ENTRY = {
    "version": "v1",
    "cycle": "c1",
    "value_asked": "0",
    "outcome": "known",
    "asked_at": "2026-03-01T12:00:00Z",
    "stratum": "new",
    "served": True,
}


@pytest.fixture
def chronicle(chronicle_url):
    """Two systems with an event each that says the word, and what a version said of two facts."""
    with Chronicle(chronicle_url) as opened:
        for system in ("shop", "port"):
            opened.event(system, "note", f"the {WORD} is here", data={"of": [WORD, "boat"]})
        says = (("f1", f"a {WORD}"), ("f2", "a boat"))
        opened.record_ledger("shop", [ENTRY | {"fact": fact, "says": said} for fact, said in says])
        yield opened


def clean(values: dict) -> dict:
    return {
        name: value.replace(WORD, "(forgotten)") if isinstance(value, str) else value
        for name, value in values.items()
    } | ({"data": {"of": ["boat"]}} if "data" in values else {})


def goes(values: dict) -> bool:
    return WORD in str(values)


def erase(chronicle: Chronicle) -> dict[str, int]:
    return chronicle.erase("shop", clean, goes, imported=(), cycles={}, dropped=())


def test_rows_are_rewritten_or_go_and_those_of_another_system_stay(chronicle):
    assert chronicle.erasable("shop", clean, goes) == {"events": 1, "ledger": 1}
    assert erase(chronicle) == {"events": 1, "ledger": 1}
    (event,) = chronicle.events("shop")
    assert (event["message"], event["data"]) == ("the (forgotten) is here", {"of": ["boat"]})
    assert [row["fact"] for row in chronicle.ledger("shop", "v1", "c1")] == ["f2"]
    assert chronicle.events("port")[0]["message"] == "the zorblax is here"
    assert chronicle.erasable("shop", clean, goes) == {}


def test_afterwards_the_history_is_append_only_again(chronicle):
    erase(chronicle)
    with pytest.raises(AutodidactError, match="append-only"), writing(chronicle._engine) as connection:
        connection.execute(text("DELETE FROM events"))


def test_an_error_on_the_way_changes_nothing_and_leaves_the_guards_on(chronicle):
    def fails(values: dict) -> dict:
        raise ValueError

    with pytest.raises(ValueError):
        chronicle.erase("shop", fails, goes, imported=(), cycles={}, dropped=())
    assert chronicle.erasable("shop", clean, goes) == {"events": 1, "ledger": 1}
    with pytest.raises(AutodidactError, match="append-only"), writing(chronicle._engine) as connection:
        connection.execute(text("DELETE FROM events"))


def test_sqlite_keeps_nothing_of_it_in_its_files(tmp_path):
    with Chronicle(f"sqlite:///{tmp_path}/chronicle.db") as chronicle:
        chronicle.event("shop", "note", f"the {WORD} is here", data={"of": [WORD]})
        erase(chronicle)
        files = [path for path in tmp_path.iterdir() if WORD.encode() in path.read_bytes()]
    assert files == []
