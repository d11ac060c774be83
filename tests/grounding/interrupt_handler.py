"""Whether decisions of `interrupt_handler` follow from the patterns and the log of the table, read with
PyYAML (or json, csv) alone.
"""

import csv
import json
import re
from functools import lru_cache
from pathlib import Path

import yaml

from tests.grounding import open_book

RESPONSES = ("resume", "drop", "queue", "ask", "escalate")
EFFECTS = {
    "resume": "the task goes on",
    "drop": "the task is given up",
    "queue": "the task is finished first, then comes the interrupt",
    "ask": "the task waits until a person has answered",
    "escalate": "the task waits, a person is called at once",
}


class Wrong(Exception):
    """What does not follow from the source."""


def check(row: dict, snapshot) -> str | None:
    """None when response, addressee, reason and effect follow from the table, else the reason."""
    try:
        _check(row, *_table(str(snapshot.settings.sources.interrupts)))
    except Wrong as wrong:
        return str(wrong)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        return f"not of a known form: {type(error).__name__}: {error}"
    return None


@lru_cache(8)
def _table(path: str) -> tuple[dict, list[dict], dict[str, str]]:
    """(patterns by id, the log in its order, what responses do)."""
    file = Path(path).expanduser()
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".csv":
        return {}, list(csv.DictReader(text.splitlines())), EFFECTS
    if file.suffix in (".jsonl", ".ndjson"):
        return {}, [json.loads(line) for line in text.splitlines() if line.strip()], EFFECTS
    data = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    return (
        {str(p["id"]): p for p in data.get("patterns", [])},
        data.get("log", []),
        EFFECTS | (data.get("responses") or {}),
    )


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def _ruled(entry: dict, patterns: dict) -> tuple[str, str, str]:
    """(response, addressee, reason) of a logged interrupt."""
    pattern = patterns.get(str(entry.get("pattern")), {})
    response, to = (
        entry.get("response") or pattern.get("response"),
        entry.get("to") or pattern.get("to") or "",
    )
    reason = (
        entry.get("because")
        or entry.get("reason")
        or "; ".join(pattern[key] for key in ("when", "because") if pattern.get(key))
    )
    return response, to, reason


def _told(response: str, to: str, reason: str) -> str:
    whom = "" if not to else f" {to}" if response == "ask" else f" to {to}"
    return f"{response.capitalize()}{whom}" + (f": {reason}." if reason else ".")


def _same(one: str, other: str) -> bool:
    """Equal but for the case of the first letter."""
    return one[:1].lower() + one[1:] == other[:1].lower() + other[1:]


def _check(row: dict, patterns: dict, log: list[dict], effects: dict[str, str]) -> None:
    source, user, answer = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    ask, place = (
        source["ask"],
        source["ref"].rpartition("#")[2] if "#" in source["ref"] else source["ref"].rpartition(":")[2],
    )
    if ask == "open book":
        _reading(row, patterns, log)
    elif ask in ("means", "when", "unknown"):
        _responses(ask, user, answer, patterns, effects)
    elif ask.startswith("rule"):
        _rule(ask, user, answer, patterns[place])
    else:
        _logged(
            ask,
            user,
            answer,
            log[int(place) - 1 - source["ref"].endswith(f".csv:{place}")],
            patterns,
            log,
            effects,
        )


def _reading(row: dict, patterns: dict, log: list[dict]) -> None:
    """Rules shown as the table has them; or an interrupt of the log among some rules, of which one is its
    own.
    """
    user, answer, (kind, *about) = (
        row["messages"][-2]["content"],
        row["messages"][-1]["content"],
        row["source"]["open_book"],
    )
    if kind == "rule":
        _need(all(f"- {name}: {patterns[name]['when']}" in user for name in about), "shows a rule otherwise")
        _need(
            any(str(e.get("pattern")) == answer and e["interrupt"].rstrip(".") in user for e in log)
            and answer in about,
            "filed under another rule",
        )
        return
    of = {"leads_to": "response", "goes_to": "to", "is_called": "id"}
    reason = open_book.check(
        row,
        lambda fact: any(
            (p["when"], str(p.get(of[fact[1]]))) == (fact[0], fact[2]) for p in patterns.values()
        ),
    )
    _need(reason is None, reason or "")


def _responses(ask: str, user: str, answer: str, patterns: dict, effects: dict[str, str]) -> None:
    named = [
        word
        for word in RESPONSES
        if re.search(rf"\b{word}\b", user.partition("interrupt with")[2] or user.replace("What does", ""))
    ]
    if ask == "unknown":
        word = re.search(r"`(\w+)`", answer)[1]
        _need(
            word in user and word not in RESPONSES and all(response in answer for response in RESPONSES),
            "it is a response",
        )
    elif ask == "means":
        _need(_same(answer, f"{effects[named[0]]}."), "not what the response does")
    else:
        listed = answer.removeprefix("When it is this: ").removesuffix(".").split("; ")
        _need(
            listed == [p["when"] for p in patterns.values() if p["response"] == named[-1]],
            "not the situations of this response",
        )


def _rule(ask: str, user: str, answer: str, pattern: dict) -> None:
    told = _told(pattern["response"], pattern.get("to") or "", pattern.get("because") or "")
    _need(pattern["when"].lower() in user.lower(), "the question is not about this pattern")
    if ask == "rule":
        _need(answer == told, "not the rule")
    elif ask == "rule whom":
        whom = pattern.get("to")
        _need(
            (
                _same(answer, f"{whom}: {pattern.get('because') or pattern['when']}.")
                if whom
                else answer == f"Nobody. {told}"
            ),
            "not to whom it goes",
        )
    else:
        proposed = re.search(rf"\b({'|'.join(RESPONSES)})\b(?=\?|, right)", user)[1]
        _need(
            answer == f"{'Yes' if proposed == pattern['response'] else 'No'}. {told}",
            "not what the rule says to the proposal",
        )


def _logged(
    ask: str, user: str, answer: str, entry: dict, patterns: dict, log: list[dict], effects: dict[str, str]
) -> None:
    response, to, reason = _ruled(entry, patterns)
    told, pattern = _told(response, to, reason), patterns.get(str(entry.get("pattern")), {})
    interrupt = entry["interrupt"].rstrip(".")
    _need(interrupt[1:] in user, "the question has another interrupt")
    if entry["task"] not in user:
        other = any(other["task"] in user for other in log)
        _need(
            ask.startswith("moved ") and other and pattern.get("any_task") is True,
            "judged before another task, though the task matters",
        )
    kind = ask.removeprefix("moved ")
    if kind == "decide":
        _need(answer == told, f"decided is: {told}")
    elif kind == "word":
        _need(answer == response, f"the response is {response}")
    elif kind == "json":
        _need(
            json.loads(answer) == {"response": response, "to": to or None, "because": reason},
            "not the decision of the log",
        )
    elif kind == "after":
        effect = effects[response]
        _need(
            _same(answer, f"{response.capitalize()}: {effect}." if "go on after" in user else f"{effect}."),
            "not what the response does",
        )
    elif kind == "whom":
        _need(_same(answer, f"{to}: {reason}.") if to else answer == f"Nobody. {told}", "not to whom it goes")
    elif kind == "proposal":
        proposed = re.findall(rf"\b({'|'.join(RESPONSES)})\b", user, re.IGNORECASE)[-1].lower()
        _need(
            answer == f"{'Yes' if proposed == response else 'No'}. {told}",
            "not what the log says to the proposal",
        )
    elif kind == "which":
        _need(answer == str(entry["pattern"]) and answer in user, "not the pattern of the log")
    elif kind == "two":
        first, second = answer.removeprefix("1. ").split("\n2. ")
        _need(told in (first, second), f"decided is: {told}")
        rest = [other for other in log if other is not entry and other["interrupt"].rstrip(".") in user]
        fits = [
            o
            for o in rest
            if patterns.get(str(o.get("pattern")), {}).get("any_task") is True
            and _told(*_ruled(o, patterns)) in (first, second)
        ]
        _need(bool(fits), "the second interrupt is decided otherwise, or depends on the task")
        before = user.find(interrupt[1:]) < user.find(fits[0]["interrupt"].rstrip(".")[1:])
        _need(
            first == (told if before else _told(*_ruled(fits[0], patterns))),
            "the decisions are in the wrong order",
        )
    else:
        raise Wrong(f"an unknown kind: {ask}")
