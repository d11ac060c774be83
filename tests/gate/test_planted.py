"""Secrets of 80 kinds in 30 carriers, and of 269 further kinds in 135 further carriers: at least 99% are
found by the rule.
"""

import pytest

from autodidact.gate import secrets
from autodidact.gate.rule import Drop
from autodidact.scanning.second_scan import suspicious_line
from tests.gate.planted import SETS, planted

ALL = list(planted())


def test_there_are_sixty_kinds_and_twenty_carriers_and_more_that_the_rules_were_not_written_for():
    sizes = {name: (len(one["kinds"]), len(one["carriers"])) for name, one in SETS.items()}
    assert sizes == {"written for": (80, 30), "unseen": (126, 70), "later": (25, 16), "third": (118, 49)}


def test_the_rule_finds_planted_secrets_and_says_nothing_of_them():
    missed, told = [], []
    for kind, carrier, secret, example in ALL:
        result = secrets.check(example, None)
        if not isinstance(result, Drop):
            missed.append((kind, carrier))
        elif any(
            secret[at : at + 8] in f"{result.reason} {result.value}" for at in range(4, len(secret) - 8)
        ):
            told.append((kind, carrier))
    assert told == []
    assert len(missed) <= 0.01 * len(ALL), missed


@pytest.mark.parametrize(
    ("group", "options"),
    [("unseen", {"of": "A"}), ("unseen", {"of": "B"}), ("later", {}), ("third", {"most": 2000})],
    ids=["half A", "half B", "later", "third"],
)
def test_the_rule_finds_what_it_was_not_written_for(group, options):
    missed, count = [], 0
    for kind, carrier, _, example in planted(group, **options):
        count += 1
        if not isinstance(secrets.check(example, None), Drop):
            missed.append((kind, carrier))
    assert count >= 400 and len(missed) <= 0.01 * count, missed


@pytest.mark.parametrize(
    "carrier", ["code", "JSON", "URL", "base64", "HTML entities", "tool argument", "log line"]
)
def test_the_second_scan_finds_most_of_them_by_its_own_means(carrier):
    found = [bool(suspicious_line(one.line())) for _, c, _, one in ALL if c == carrier]
    assert sum(found) >= 0.6 * len(found)
