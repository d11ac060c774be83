"""The slots of a family file (family_files.py): drawn, and filled into its texts."""

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from autodidact.benchmark.item_family import Draw
from autodidact.records import call

_SLOT = re.compile(r"\{([A-Za-z_]\w*)\}")


class Slot(NamedTuple):
    """Values to draw from. Several names take different ones; `apart`: a slot whose value is not drawn."""

    names: tuple[str, ...]
    values: Sequence[Any]
    apart: str | None = None


class Form(NamedTuple):
    """A file as it is at one level."""

    fields: dict[str, Any]
    slots: list[Slot]


def names_of(slots: list[Slot]) -> set[str]:
    """The names that stand for a value: of slots, and of what the rows of slots have."""
    found: set[str] = set()
    for slot in slots:
        found.update(slot.values[0] if isinstance(slot.values[0], dict) else slot.names)
    return found


def mentioned(value: Any) -> set[str]:
    """The names in braces in a value."""
    return set(_SLOT.findall(json.dumps(value, ensure_ascii=False, default=str)))


def _chosen(slots: list[Slot], rng: Random) -> dict[str, Any]:
    """Name -> value, drawn slot by slot. A row's texts may name any slot."""
    chosen: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for names, values, apart in slots:
        if apart is not None:
            values = [value for value in values if value != {**chosen, **rows}[apart]]
        drawn = [rng.choice(values)] if len(names) == 1 else rng.sample(values, len(names))
        for name, value in zip(names, drawn, strict=True):
            if isinstance(value, dict):
                rows |= value
            else:
                chosen[name] = value
    return chosen | {name: _fill(value, chosen) for name, value in rows.items()}


def _fill(value: Any, chosen: dict[str, Any], typed: bool = True) -> Any:
    """`value` with slots filled in. `typed`: a text that is one slot and nothing else becomes its value, a
    number too.
    """
    if isinstance(value, str):
        whole = _SLOT.fullmatch(value)
        if typed and whole and whole[1] in chosen:
            return chosen[whole[1]]
        return _SLOT.sub(lambda match: str(chosen.get(match[1], match[0])), value)
    if isinstance(value, list):
        return [_fill(each, chosen, typed) for each in value]
    if isinstance(value, dict):
        return {name: _fill(each, chosen, typed) for name, each in value.items()}
    return value


def draw_form(form: Form, rng: Random) -> Draw:
    """One item."""
    fields, chosen = form.fields, _chosen(form.slots, rng)
    values = dict(chosen)
    for name, text in fields.get("texts", {}).items():
        values[str(name)] = _fill(" ".join(text) if isinstance(text, list) else text, values, typed=False)
    scorer = fields["scorer"]
    typed = scorer in ("call", "number")
    answer = _fill(fields["answer"], values, typed)
    target, reference = _target(scorer, answer, _fill(fields.get("target", {}), values, typed))
    return Draw(
        str(_fill(fields["prompt"], values)),
        target,
        reference,
        scorer,
        system=_fill(fields["system"], values, typed=False) if "system" in fields else None,
        tools=fields.get("tools", ()),
        slots=_fill(fields["payload"], values) if "payload" in fields else chosen,
        max_tokens=fields.get("max_tokens", 64),
    )


def _target(scorer: str, answer: Any, target: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """(the target with what the answer gives it, the reference)."""
    text = answer if isinstance(answer, str) else str(answer)
    if scorer in ("label", "exact"):
        return {"answer": text, **target}, text
    if scorer == "number":
        return {"answer": float(answer), **target}, text
    if scorer in ("set", "order"):
        target = {"items": [str(each) for each in answer], **target}
        return target, ", ".join(target["items"]) or "none"
    if scorer == "call":
        calls = answer if isinstance(answer, list) else [answer]
        expected = [
            {"name": each["name"], "arguments": {key: [value] for key, value in each["arguments"].items()}}
            for each in calls
        ]
        reference = call(*((each["name"], each["arguments"]) for each in calls))
        return {"calls": expected, "ordered": False, **target}, reference
    return target, text
