"""An invariant that does not hold is named."""

import json
from collections import Counter

from autodidact.chronicle import tables
from tests.chaos.invariants import history_is_append_only, there_is_one_champion
from tests.chaos.table import table


def rows(**tables: list[dict]) -> dict[str, Counter[str]]:
    return {name: Counter(map(json.dumps, some)) for name, some in tables.items()}


def test_a_row_that_is_gone_or_changed_is_named_and_a_new_one_is_not():
    empty: dict[str, Counter[str]] = {name: Counter() for name in tables.APPEND_ONLY}
    before = rows(events=[{"id": 1, "message": "a"}, {"id": 2, "message": "b"}])
    now = empty | rows(events=[{"id": 2, "message": "c"}, {"id": 3, "message": "d"}])
    (line,) = history_is_append_only(before, now)
    assert line.startswith("events lacks 2 rows that it had, such as ")
    assert history_is_append_only(before, now | {"events": before["events"] + now["events"]}) == []


def test_two_champions_of_a_system_and_one_that_is_not_named_are_found():
    states: list[dict] = [
        {"id": 1, "system": "shop", "version": "a", "state": "champion"},
        {"id": 2, "system": "shop", "version": "b", "state": "champion"},
    ]
    named = [{"system": "shop", "version": "b"}]
    assert there_is_one_champion(rows(champions=named, version_states=states)) == [
        "shop: the champion is b, and in that state are ['a', 'b']"
    ]
    states.append({"id": 3, "system": "shop", "version": "a", "state": "archived"})
    assert there_is_one_champion(rows(champions=named, version_states=states)) == []
    assert there_is_one_champion(rows(champions=[], version_states=states)) == [
        "shop: the champion is None, and in that state are ['b']"
    ]


def test_the_table_has_a_line_for_each_kind_of_fault():
    fault = {"moment": "3 s into `train`", "broken": {}, "cycles": 1}
    found = table(
        [
            fault | {"name": "broker flushed", "settled_by": "itself", "seconds": 10.2},
            fault | {"name": "broker flushed", "settled_by": "Clear in the web UI", "seconds": 31.0},
        ]
    )
    assert found.splitlines()[2] == "| broker flushed | 2 | Clear in the web UI, itself | 21, 31 |"
