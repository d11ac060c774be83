"""The facts of the repository as they were at a time."""

from datetime import timedelta

import pytest

from autodidact.errors import UsageError
from autodidact.generators.facts_at_time import as_text, facts_at
from autodidact.settings import load_settings
from tests.sandbox import NOON

TILL = "class Till:\n    def open_drawer(self):\n        return 1\n"


@pytest.fixture
def settings(tmp_path, sandbox):
    """A shop whose class Till moves in its third hour, and is called Counter in its fourth."""
    sandbox.commit("Begin", {"shop/__init__.py": "", "shop/till.py": TILL})
    sandbox.commit("Say more", {"shop/till.py": f'"""The till."""\n\n{TILL}'}, hours=1)
    sandbox.git("mv", "shop/till.py", "shop/money.py")
    sandbox.commit("Move", hours=3)
    sandbox.commit("Rename", {"shop/money.py": TILL.replace("Till", "Counter")}, hours=4)
    paths = {"sources.repository": str(sandbox.path), "store": str(tmp_path / "store"), "system": "shop"}
    return load_settings(overrides=paths, cwd=tmp_path, environ={})


def found(settings, hours: float, subject: str, kind: str = "defined_in") -> list[tuple]:
    """(value, since, until, what was before) of a subject, the times in hours after the begin."""

    def hour(moment):
        return moment and (moment["time"][11:13], moment["commit"] is not None)

    made = facts_at(settings, NOON + timedelta(hours=hours), kind=kind)
    return [
        (fact["value"], hour(fact["since"]), hour(fact["until"]), [one["value"] for one in fact["earlier"]])
        for fact in made["facts"]
        if fact["subject"] == subject
    ]


def test_a_fact_has_the_value_that_it_had_at_that_time(settings):
    assert found(settings, 2, "Till") == [("shop/till.py", ("12", True), ("15", True), [])]
    assert found(settings, 3.5, "Till") == [("shop/money.py", ("15", True), ("16", True), ["shop/till.py"])]
    assert found(settings, 5, "Till") == []
    assert found(settings, 5, "Counter") == [("shop/money.py", ("16", True), None, [])]


def test_an_earlier_time_asks_nothing_of_what_was_read_for_a_later_one(settings):
    later = found(settings, 5, "open_drawer", "method_of")
    assert later == [("Counter", ("16", True), None, ["Till"])]
    assert found(settings, 0.5, "open_drawer", "method_of") == [("Till", ("12", True), ("16", True), [])]


def test_the_text_has_a_line_for_each_fact(settings):
    made = facts_at(settings, NOON + timedelta(hours=3.5), kind="defined_in")
    head, line = as_text(made, every=True).splitlines()
    assert head.endswith(": 1 defined_in")
    assert line.startswith("defined_in     Till: shop/money.py, since 2026-03-01 (")
    assert "; before: shop/till.py, until 2026-03-01 (" in line


def test_a_kind_or_a_time_without_facts_is_said_in_one_line(settings):
    with pytest.raises(UsageError, match="Such facts do not exist"):
        facts_at(settings, NOON + timedelta(hours=1), kind="deadline_of")
    with pytest.raises(UsageError, match="has no commit before"):
        facts_at(settings, NOON - timedelta(hours=1))
