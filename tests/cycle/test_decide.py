"""What the log says of a decision."""

import pytest

from autodidact.cycle.decide import _line

PROBE = {"name": "better_on_probe", "value": 0.9, "threshold": 0.99, "passed": False, "needs": "2 more right"}


@pytest.mark.parametrize(
    ("outcome", "rules", "reasons", "line"),
    [
        (
            "promote",
            [],
            ["above the floors", "promoted: better on the suite"],
            "promote, better on the suite",
        ),
        ("undecided", [PROBE], ["above the floors"], "undecided, needed better on probe (2 more right)"),
        ("not_comparable", [], ["another suite"], "not_comparable, another suite"),
        ("undecided", [], [], "undecided"),
    ],
)
def test_the_verdict_and_what_decided_are_one_line(outcome, rules, reasons, line):
    assert _line({"outcome": outcome, "rules": rules, "reasons": reasons}) == f"verdict: {line}"
