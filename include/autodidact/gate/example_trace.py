"""One example's story: who made it from what, which rules rewrote it, what dropped it and at which value, or
with which rank it was kept.

Everything is read from what the gate wrote: kept.jsonl, dropped.jsonl and report.json of a cycle or of a
folder.
"""

import json
from collections.abc import Iterator
from types import SimpleNamespace

from autodidact.errors import UsageError
from autodidact.gate.balance import NAME as BALANCE
from autodidact.gate.balance import ranked
from autodidact.gate.coherence import NAME as COHERENCE
from autodidact.gate.coherence import least
from autodidact.gate.report import showable, twin_of
from autodidact.gate.report_markdown import cut
from autodidact.records import Example, response_text
from autodidact.store import Store

# The settings of `gate` that a rule compares its value with.
THRESHOLDS = {
    "length": ("min_tokens", "max_tokens"),
    "repetition": ("bigram_ratio",),
    "coherence": ("coherence",),
    "balance": ("cap", "share", "source_share"),
}

# Characters of an id that are enough when no other begins with them.
SHORTEST = 6


def explain(store: Store, folder: str, name: str) -> dict:
    """The story of the example whose id, or id before a rewrite, is or begins with `name`;
    `<generator>:<line>` for one that had no id.

    Raises UsageError when there is none, or more than one.
    """
    prefix = f"{folder}/" if folder else ""
    if not store.exists(f"{prefix}report.json"):
        raise UsageError(f"{store.shown}/{prefix} has no report of the gate", "Run `autodidact gate` first.")
    report = store.read_json(f"{prefix}report.json")
    found = {(fate, number): row for fate, number, row in _rows(store, prefix) if _is(row, name)}
    exact = {place: row for place, row in found.items() if name in (row.get("id"), row.get("was"))}
    found = exact or found
    if not found:
        gone = _deleted(store, prefix)
        raise UsageError(
            f"The gate {'kept' if gone else 'saw'} no example {name!r}",
            f"{gone}Take an id of kept.jsonl or dropped.jsonl, its first characters, or <generator>:<line> of"
            " what was no example.",
        )
    if len({row.get("id") for row in found.values()}) > 1:
        ids = ", ".join(sorted(str(row.get("id"))[:12] for row in found.values())[:5])
        raise UsageError(f"{len(found)} examples begin with {name!r}: {ids}", "Write more of the id.")
    (fate, number), row = min(
        found.items(), key=lambda pair: pair[0][0] != "kept"
    )  # an exact duplicate has the id of the one kept
    why, settings = row.get("dropped"), report.get("settings") or {}
    rules = [step["rule"] for step in report["funnel"]]
    story = {
        "fate": fate,
        "id": row.get("id"),
        "was": row.get("was"),
        "file": f"{fate}.jsonl:{number}",
        "generator": row.get("generator"),
        "category": row.get("category"),
        "source": row.get("source"),
        "time": row.get("time"),
        "replay_of": row.get("replay_of"),
        "rewritten": row.get("rewritten") or [],
        "passed": _passed(rules, why),
        "dropped": why,
        "thresholds": thresholds(why, settings, row) if why else {},
        "twin": _twin(store, prefix, why),
        "rank": (
            _rank(store, prefix, row, settings)
            if fate == "kept" or (why and why["rule"] == "balance")
            else None
        ),
        "messages": row["messages"] if row.get("messages") and showable(row) else None,
    }
    return story


def thresholds(why: dict, settings: dict, row: dict) -> dict:
    """What the rule compared its value with."""
    found = {key: settings[key] for key in THRESHOLDS.get(why["rule"], ()) if key in settings}
    if why["rule"] == COHERENCE and found and row.get("source"):
        found["coherence"] = least(row["source"]["kind"], SimpleNamespace(**found))
    return found


def _passed(rules: list[str], why: dict | None) -> list[str]:
    """The rules before the one that dropped it. What is over a cap was not embedded, so it does not count as
    coherent.
    """
    if not why or why["rule"] not in rules:
        return rules
    before = rules[: rules.index(why["rule"])]
    return [rule for rule in before if rule != COHERENCE] if why["rule"] == BALANCE else before


def _rows(store: Store, prefix: str) -> Iterator[tuple[str, int, dict]]:
    for fate in ("kept",) if _deleted(store, prefix) else ("kept", "dropped"):
        for number, line in enumerate(store.read_lines(f"{prefix}{fate}.jsonl"), 1):
            yield fate, number, json.loads(line)


def _deleted(store: Store, prefix: str) -> str:
    """A sentence where the dropped examples are no longer there."""
    there = store.exists(f"{prefix}dropped.jsonl")
    return "" if there else "Its dropped examples were deleted (retention.dropped_days). "


def _is(row: dict, name: str) -> bool:
    if "line" in row and "id" not in row:
        return name == f"{row['generator']}:{row['line']}"
    ids = [row["id"], *([row["was"]] if row.get("was") else [])]
    return name in ids or (len(name) >= SHORTEST and any(one.startswith(name) for one in ids))


def _twin(store: Store, prefix: str, why: dict | None) -> dict | None:
    """The example that was kept in place of a duplicate."""
    twin = why and twin_of(why)
    if not twin:
        return None
    row = next((row for fate, _, row in _rows(store, prefix) if fate == "kept" and row["id"] == twin), None)
    return {"id": twin, "generator": row and row["generator"], "kept": row is not None}


def _rank(store: Store, prefix: str, row: dict, settings: dict) -> dict | None:
    """Its place in the order in which the balance rule kept its generator's examples."""
    same_generator = [
        Example.model_validate({key: value for key, value in other.items() if key != "dropped"})
        for fate, _, other in _rows(store, prefix)
        if other.get("generator") == row["generator"]
        and (fate == "kept" or other["dropped"]["rule"] == "balance")
        and other.get("messages")
    ]
    order = [same_generator[place].id for place in ranked(same_generator)]
    return (
        {"rank": order.index(row["id"]) + 1, "of": len(order), "cap": settings.get("cap")}
        if row["id"] in order
        else None
    )


def as_text(story: dict) -> str:
    """The story in a few lines, for a terminal."""
    source = story["source"] or {}
    lines = [f"{(story['id'] or 'a record without an id')[:64]}: {story['fate']} ({story['file']})"]
    lines.append(
        f"made by   {story['generator']}, to teach {story['category'] or '?'}, from {source.get('kind', '?')}"
        f" {source.get('ref', '?')}"
    )
    where = ", ".join(
        f"{key} {source[key]}"
        for key in ("commit", "path", "lines", "file", "line", "server", "name")
        if source.get(key)
    )
    lines += [f"at        {where}"] if where else []
    lines += [f"replayed  from cycle {story['replay_of']}"] if story["replay_of"] else []
    if story["was"]:
        lines.append(f"rewritten by {', '.join(story['rewritten']) or 'a rule'}; it was {story['was']}")
    lines += [f"passed    {', '.join(story['passed'])}"] if story["passed"] else []
    if why := story["dropped"]:
        value = f", value {why['value']}" if why.get("value") is not None and not story["twin"] else ""
        limits = ", ".join(f"{key} {value}" for key, value in story["thresholds"].items())
        lines.append(
            f"dropped   by {why['rule']}: {why['reason']}{value}" + (f" (gate: {limits})" if limits else "")
        )
    if twin := story["twin"]:
        lines.append(
            f"kept is   {twin['id']}"
            + (f" of {twin['generator']}" if twin["generator"] else ", which a later rule dropped")
        )
    if rank := story["rank"]:
        lines.append(f"rank      {rank['rank']} of {rank['of']} of its generator; the cap is {rank['cap']}")
    if story["messages"]:
        lines += [
            "",
            *(f"{message['role']}: {cut(response_text(message), 600)}" for message in story["messages"]),
        ]
    elif story["generator"]:
        lines += ["", "Its text is not shown."]
    return "\n".join(lines)
