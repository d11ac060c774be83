"""Whether what `consciousness` says is on record: every figure, name and date of an answer is looked up in
the history of the snapshot.

An answer that compares or ranks is computed again from the scores; what is left of it may hold no other
figure.
"""

import json
import re
from datetime import timezone

from autodidact.generators import find
from tests.grounding import open_book

ENDS = {
    "promote": "candidate was promoted",
    "reject": "candidate was refused",
    "undecided": "nothing was decided",
    "not_comparable": "could not be compared",
}
UNKNOWN = re.compile(
    r"do(es)? not know|cannot|none|no earlier|not scored|nothing|no version|not in the cycles", re.IGNORECASE
)


def check(row: dict, snapshot) -> str | None:
    """None when the record says what the answer says, else the reason."""
    history, answer = snapshot.history or {}, row["messages"][-1]["content"]
    user, field = row["messages"][-2]["content"], row["source"].get("field", "")
    system = row["messages"][0]["content"] if row["messages"][0]["role"] == "system" else ""
    scores = {
        name: f"{score:.2f}"
        for name, score in (history.get("categories") or {}).items()
        if isinstance(score, (int, float))
    }
    until = snapshot.until.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = [
        until,
        snapshot.cycle_id,
        snapshot.system,
        str(snapshot.settings.base_model),
        f"{snapshot.settings.verdict.overall_floor:.2f}",
    ]
    facts += [str(history.get(key)) for key in ("version", "base", "promoted_at") if history.get(key)]
    facts += [f"{history[key]:.2f}" for key in ("overall",) if isinstance(history.get(key), (int, float))]
    facts += [f"{history[key]:.0%}" for key in ("probe",) if isinstance(history.get(key), (int, float))]
    facts += (
        [str(value) for value in (history.get("trained_on") or {}).values()]
        if isinstance(history.get("trained_on"), dict)
        else []
    )
    cycles = [c for c in history.get("cycles") or () if isinstance(c, dict)]
    facts += [str(c.get("cycle_id")) for c in cycles] + [str(len(cycles))]
    for text in (answer, system):
        for name, value in _pairs(text):
            if scores.get(name) != value:
                return f"{name} is {scores.get(name)} on record, not {value}"
    if "open_book" in row["source"]:
        return _reading(row, scores, cycles, {until, *facts}, until)
    name = field.partition(".")[2]
    if field.startswith("categories.") and scores.get(name) and scores[name] not in answer:
        return f"{name} is {scores[name]} on record"
    rest = answer
    for fact in sorted({*facts, *scores.values(), "of 1"}, key=len, reverse=True):
        rest = rest.replace(fact, " ")
    if left := re.findall(
        r"\d[\w.%:-]*", re.sub(r"\bv\d+\b" if history.get("version") else r"(?!)", "", rest)
    ):
        return f"{left[0]} is not on record"
    return _cycles(answer, cycles) or _ranks(user, answer, scores) or _known(user, answer, history, field)


def _reading(
    row: dict, scores: dict[str, str], cycles: list[dict], facts: set[str], until: str
) -> str | None:
    """A card as it is on record, and what follows from it."""
    user, answer, (kind, *about) = (
        row["messages"][-2]["content"],
        row["messages"][-1]["content"],
        row["source"]["open_book"],
    )
    if row["source"]["triples"]:
        ended = {(str(cycle.get("cycle_id")), str(cycle.get("verdict"))) for cycle in cycles}
        said = {
            "has_score": lambda s, o: scores[s] == o,
            "teaches": lambda s, o: o in find(s).teaches,
            "ended_with": lambda s, o: (s, o) in ended,
        }
        return open_book.check(row, lambda fact: said[fact[1]](fact[0], fact[2]))
    if kind == "since":
        return (
            None
            if until[:10] in user and about[0] in user and (answer == "yes") == (about[0] < until[:10])
            else "the day is on the other side"
        )
    if kind == "able":
        can, cannot = re.search(r"You can (.+)\. You cannot (.+)\.", user).groups()
        return None if about[0] in (can if answer == "yes" else cannot) else "the card says the opposite"
    lines = dict(re.findall(r"(?m)^- ([\w ]+): (.+)$", user))
    return (
        None
        if set(lines.values()) <= facts and lines[about[0]] == answer
        else "not on record, or another line"
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    """(category, score) where a text puts them side by side."""
    found = re.findall(r"\b([a-z]+(?:_[a-z]+)*)[ :(]+([01]\.\d\d)\b", text)
    return [
        (a, b)
        for a, b in found
        if "_" in a or a in ("orchestration", "reasoning", "architecture", "conciseness")
    ] + [(b, a) for a, b in re.findall(r"scored ([01]\.\d\d) in ([a-z_]+)", text)]


def _cycles(answer: str, cycles: list[dict]) -> str | None:
    """The end of the cycle that an answer names."""
    for cycle in cycles:
        if (
            f"{cycle.get('cycle_id')} ended so" in answer
            and ENDS.get(str(cycle.get("verdict")), "no verdict") not in answer.lower()
        ):
            return f"the cycle {cycle['cycle_id']} ended otherwise"
    return None


def _ranks(user: str, answer: str, scores: dict[str, str]) -> str | None:
    """The weakest, the strongest and the better one."""
    named = [name for name, _ in _pairs(answer)]
    lowest = sorted(float(value) for value in scores.values())
    if (
        re.search(r"weak|fail|improve", user)
        and len(named) > 1
        and sorted(float(scores[n]) for n in named) != lowest[: len(named)]
    ):
        return "weaker ones are on record"
    if (
        re.search(r"best|strongest", user)
        and len(named) > 1
        and sorted(float(scores[n]) for n in named) != lowest[-len(named) :]
    ):
        return "stronger ones are on record"
    if (found := re.match(r"([a-z_]+): ([\d.]+) against ([\d.]+)", answer)) and float(found[2]) <= float(
        found[3]
    ):
        return "it is not the better one"
    return None


def _known(user: str, answer: str, history: dict, field: str) -> str | None:
    """What is said to be unknown, refused or reached."""
    overall = history.get("overall")
    if found := re.search(r"(reached|missed) it: ([\d.]+) against a floor of (\d\.\d+)", answer):
        if (float(found[2]) >= float(found[3])) is not (found[1] == "reached"):
            return "the floor says otherwise"
        if f"{overall:.2f}" != found[2]:
            return f"the overall score is {overall}"
    if "no score was on record" in answer and any(
        v is not None for v in (history.get("categories") or {}).values()
    ):
        return "scores are on record"
    cycle = field.removeprefix("cycles.")
    if field.startswith("cycles."):
        verdict = next(
            (
                str(c.get("verdict"))
                for c in history["cycles"]
                if isinstance(c, dict) and c.get("cycle_id") == cycle
            ),
            None,
        )
        if ENDS.get(verdict, "no verdict") not in answer.lower():
            return f"the cycle {cycle} ended with {verdict}"
    if "ever been refused" in user and history.get("cycles"):
        refused = [
            c["cycle_id"]
            for c in history["cycles"]
            if isinstance(c, dict) and c.get("cycle_id") and c.get("verdict") not in (None, "promote")
        ]
        if (
            refused
            and not all(one in answer for one in refused)
            or (not refused and not UNKNOWN.search(answer))
        ):
            return f"refused were {json.dumps(refused)}"
    return None
