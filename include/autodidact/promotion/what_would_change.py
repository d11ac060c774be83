"""What a verdict hangs on, in words: which rules must hold in any case, and which belong to one of the two
routes to a promotion (docs/verdict.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

# The rules of each route (promotion/routes_to_promotion.py). All others must hold in any case.
ROUTES = {
    "the suite": ("better_on_suite", "better_on_hidden_families", "alarm.learned_templates"),
    "the knowledge probe": ("better_on_probe", "control_not_worse", "suite_not_worse"),
}


def would_change(judged: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What would have made the verdict another one: (how these rules count, what each of them needed).

    Of a refusal: what was missing in any case, and on both routes, one of which is enough. Of a promotion:
    what the routes that were open hang on.
    """
    rules, refused = judged.get("rules") or [], judged.get("outcome") != "promote"
    routes = {name: [rule for rule in rules if rule["name"] in of] for name, of in ROUTES.items()}
    routes = {name: of for name, of in routes.items() if of}
    if not refused:
        won = {name: of for name, of in routes.items() if all(rule["passed"] for rule in of)}
        return _by_route(
            {name: [rule for rule in of if rule.get("needs")] for name, of in won.items()}, "and also"
        )
    in_routes = [rule["name"] for of in routes.values() for rule in of]
    always = [rule for rule in rules if not rule["passed"] and rule["name"] not in in_routes]
    missed = {name: [rule for rule in of if not rule["passed"]] for name, of in routes.items()}
    found = [("In any case", _lines(always))] if always else []
    # Where nothing is missing on one route, the other one does not matter.
    return found + (_by_route(missed, "or") if all(missed.values()) else [])


def _by_route(of: dict[str, list[Mapping[str, Any]]], joined: str) -> list[tuple[str, list[str]]]:
    """`joined`: `or` where one route is enough to change the verdict, `and also` where it takes both."""
    found = [(f"by {name}", _lines(rules)) for name, rules in of.items() if rules]
    if len(found) == 2:
        first = "either " if joined == "or" else ""
        found = [(first + found[0][0], found[0][1]), (f"{joined} {found[1][0]}", found[1][1])]
    return [
        (says[:1].upper() + says[1:] if place == 0 else says, of) for place, (says, of) in enumerate(found)
    ]


def _lines(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{_name(rule)} ({rule.get('needs') or _figures(rule)})" for rule in rules]


def _figures(rule: Mapping[str, Any]) -> str:
    return f"{_number(rule.get('value'))}, the threshold is {_number(rule.get('threshold'))}"


def _name(rule: Mapping[str, Any]) -> str:
    """`guard.tool_use` as people read it: `guard: tool use`."""
    return str(rule["name"]).replace(".", ": ").replace("_", " ")


def needed(judged: Mapping[str, Any]) -> str:
    """Why a verdict is no promotion, in one line that begins with what decided; empty where no rule says."""
    if judged.get("outcome") == "promote":
        return ""
    parts = [(says, " and ".join(rules)) for says, rules in would_change(judged)]
    if parts and parts[-1][0].startswith("or "):
        parts[-2:] = [("", f"either {parts[-2][1]}, or {parts[-1][1]}")]
    return f"needed {'; and '.join(text for _, text in parts)}" if parts else ""


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.4f}"
