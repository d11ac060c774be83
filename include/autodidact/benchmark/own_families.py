"""A user's own families: YAML files in the folder `benchmark.families`, beside the shipped ones in the blocks
that decide.

    category: tool_use
    about: Restart a service where somebody asks for it.
    scorer: call
    prompt: "{who} asks: please restart {service} in {region}."
    tools: [...]                       # as in an OpenAI request, for the scorer `call`
    answer: {name: restart, arguments: {service: "{service}", region: "{region}"}}
    slots:                             # drawn one by one; `rows` (a list of mappings) is drawn whole, for what belongs together
      who: [Ada, Ben, Cleo]
      service: [billing, search, mailer]
      region: [eu, us]

`{name}` stands for a slot's value. Nothing in a file is executed. docs/benchmark.md says what each scorer
takes.
"""

import difflib
import json
import re
from collections import Counter
from functools import lru_cache
from math import prod
from pathlib import Path
from random import Random
from typing import Any

from autodidact.benchmark.family import Draw, Family, item_of
from autodidact.benchmark.scorers import score
from autodidact.benchmark.suite import families
from autodidact.errors import UsageError
from autodidact.records import CATEGORIES, call, response_text

# Of a file.
MOST_BYTES = 1_000_000
MOST_FILES = 100
# As of the shipped families.
LEAST_PAYLOADS = 2000
# Draws that a file is tested with.
TRIED = 200
SCORERS = ("label", "exact", "number", "set", "order", "facts", "budget", "call", "judge")
FIELDS = (
    "category",
    "name",
    "about",
    "scorer",
    "system",
    "prompt",
    "tools",
    "answer",
    "target",
    "slots",
    "rows",
    "max_tokens",
)
_SLOT = re.compile(r"\{([A-Za-z_]\w*)\}")


def load(folder: str | Path, shipped: dict[str, list[Family]]) -> dict[str, list[Family]]:
    """Category -> the families of the folder's `*.yaml` files, in the order of their names. They are hidden:
    training never meets their like.

    Raises UsageError in one line that names the file, what is wrong with it, and what to do.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise UsageError(
            f"benchmark.families is {str(folder)!r}, which is no folder",
            "Name the folder that holds your family files.",
        )
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    if not files or len(files) > MOST_FILES:
        raise UsageError(
            f"{folder} has {len(files)} family files (*.yaml)",
            f"Put between 1 and {MOST_FILES} of them there.",
        )
    found: dict[str, list[Family]] = {}
    for path in files:
        category, family = _family(path)
        taken = {each.name for each in [*shipped[category], *found.get(category, ())]}
        if family.name in taken:
            raise UsageError(
                f"{path}: there is a family {category}/{family.name} already", "Give it another `name`."
            )
        found.setdefault(category, []).append(family)
    return found


def _family(path: Path) -> tuple[str, Family]:
    def bad(what: str, remedy: str) -> UsageError:
        return UsageError(f"{path}: {what}", remedy)

    spec = _read(path, bad)
    for name in spec:
        if name not in FIELDS:
            near = difflib.get_close_matches(str(name), FIELDS, 1)
            raise bad(
                f"unknown field {name!r}",
                f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(FIELDS)}.",
            )
    for name in ("category", "scorer", "prompt", "answer"):
        if name not in spec:
            raise bad(
                f"it has no {name!r}",
                f"Needed are category, scorer, prompt and answer; optional: {', '.join(FIELDS)}.",
            )
    if spec["category"] not in CATEGORIES:
        raise bad(f"unknown category {spec['category']!r}", f"Use one of {', '.join(CATEGORIES)}.")
    if spec["scorer"] not in SCORERS:
        raise bad(f"unknown scorer {spec['scorer']!r}", f"Use one of {', '.join(SCORERS)}.")
    name = str(spec.get("name", path.stem))
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise bad(
            f"{name!r} is no name of a family", "Use small letters, digits and underscores, 40 at most."
        )
    for key, kind in (
        ("prompt", str),
        ("system", str),
        ("about", str),
        ("tools", list),
        ("target", dict),
        ("slots", dict),
        ("rows", list),
    ):
        if key in spec and not isinstance(spec[key], kind):
            raise bad(
                f"{key!r} is no {({str: 'text', list: 'list', dict: 'mapping'})[kind]}",
                "docs/benchmark.md shows the form of a family file.",
            )
    room = spec.get("max_tokens", 64)
    if not isinstance(room, int) or isinstance(room, bool) or not 1 <= room <= 1024:
        raise bad(f"max_tokens is {room!r}", "Use a number from 1 to 1024: room for twice the answer.")
    slots, rows = _values(spec, bad)
    payloads = prod(len(values) for values in slots.values()) * max(1, len(rows))
    if payloads < LEAST_PAYLOADS:
        raise bad(
            f"it has {payloads} different items, {LEAST_PAYLOADS} are needed",
            "Add slots or values: nobody should get used to them.",
        )

    def draw(rng: Random, level: int) -> Draw:
        chosen = {slot: rng.choice(values) for slot, values in slots.items()} | (
            rng.choice(rows) if rows else {}
        )
        return _draw(spec, chosen, room)

    draw.__doc__ = spec.get("about") or f"Of {path.name}."
    family = Family(name, draw, hidden=True)
    _try(family, bad)
    return spec["category"], family


def _read(path: Path, bad: Any) -> dict[str, Any]:
    import yaml

    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise bad(
            "it is a link, no plain file, or larger than 1 MB",
            "Put the file itself there, and keep it small.",
        )
    try:
        text = path.read_text(encoding="utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise bad(
                "it uses a YAML alias", "Write the value out."
            )  # a few lines of them can stand for gigabytes
        spec = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise bad(
            f"it is no YAML: {' '.join(str(error).split())[:160]}",
            "Mend the file, or take it out of the folder.",
        ) from None
    if not isinstance(spec, dict):
        raise bad("it is no mapping of fields", "docs/benchmark.md shows the form of a family file.")
    return spec


def _values(spec: dict[str, Any], bad: Any) -> tuple[dict[str, list], list[dict]]:
    def plain(value: Any) -> bool:
        return isinstance(value, (str, int, float)) and not isinstance(value, bool)

    slots, rows = spec.get("slots", {}), spec.get("rows", [])
    for name, values in slots.items():
        if (
            not re.fullmatch(r"[A-Za-z_]\w*", str(name))
            or not isinstance(values, list)
            or not values
            or not all(map(plain, values))
        ):
            raise bad(
                f"the slot {name!r} is no list of texts and numbers",
                "Write for example `region: [eu, us]`; quote words such as yes and no.",
            )
        if len({str(value) for value in values}) != len(values):
            raise bad(f"the slot {name!r} has a value twice", "Take one of them out.")
    for row in rows:
        if (
            not isinstance(row, dict)
            or not row
            or row.keys() != rows[0].keys()
            or not all(map(plain, row.values()))
            or row.keys() & slots.keys()
        ):
            raise bad(
                "`rows` is no list of mappings with the same names, other than those of the slots",
                "Give every row a text or number for each name.",
            )
    if len({json.dumps(row, sort_keys=True) for row in rows}) != len(rows):
        raise bad("`rows` has a row twice", "Take one of them out.")
    known = {*slots, *(rows[0] if rows else ())}
    asked = set(
        _SLOT.findall(
            json.dumps(
                [spec.get(key) for key in ("prompt", "system", "answer", "target")],
                ensure_ascii=False,
                default=str,
            )
        )
    )
    if unknown := sorted(asked - known):
        raise bad(
            f"{{{unknown[0]}}} is no slot", f"There are: {', '.join(sorted(map(str, known))) or 'none'}."
        )
    if idle := sorted(
        str(name)
        for name in slots
        if not re.search(rf"\{{{name}\}}", spec["prompt"] + spec.get("system", ""))
    ):
        raise bad(
            f"the slot {idle[0]!r} does not occur in the prompt",
            "A slot that nobody sees makes no other question.",
        )
    return slots, rows


def _fill(value: Any, chosen: dict[str, Any]) -> Any:
    """`value` with slots filled in; a text that is one slot and nothing else becomes its value, a number
    too."""
    if isinstance(value, str):
        whole = _SLOT.fullmatch(value)
        return chosen[whole[1]] if whole else _SLOT.sub(lambda match: str(chosen[match[1]]), value)
    if isinstance(value, list):
        return [_fill(each, chosen) for each in value]
    return {name: _fill(each, chosen) for name, each in value.items()} if isinstance(value, dict) else value


def _draw(spec: dict[str, Any], chosen: dict[str, Any], room: int) -> Draw:
    scorer, answer, target = (
        spec["scorer"],
        _fill(spec["answer"], chosen),
        _fill(spec.get("target", {}), chosen),
    )
    reference: Any = answer if isinstance(answer, str) else str(answer)
    if scorer in ("label", "exact"):
        target = {"answer": reference, **target}
    elif scorer == "number":
        target = {"answer": float(answer), **target}
    elif scorer in ("set", "order"):
        target = {"items": [str(each) for each in answer], **target}
        reference = ", ".join(target["items"]) or "none"
    elif scorer == "call":
        calls = answer if isinstance(answer, list) else [answer]
        reference = call(*((each["name"], each["arguments"]) for each in calls))
        expected = [
            {"name": each["name"], "arguments": {key: [value] for key, value in each["arguments"].items()}}
            for each in calls
        ]
        target = {"calls": expected, "ordered": False, **target}
    system = _fill(spec["system"], chosen) if "system" in spec else None
    return Draw(
        str(_fill(spec["prompt"], chosen)),
        target,
        reference,
        scorer,
        system=system,
        tools=spec.get("tools", ()),
        slots=chosen,
        max_tokens=room,
    )


def _try(family: Family, bad: Any) -> None:
    """Draws some items: the answer must score 1.0, and no one answer may be right more often than chance and
    a tenth.
    """
    answers: Counter = Counter()
    chance = 0.0
    for number in range(TRIED):
        try:
            draw = family.draw(Random(f"try/{number}"), 1)
            result = score(
                item_of("", family, draw, "0", 0, 1),
                draw.reference if isinstance(draw.reference, dict) else {"content": draw.reference},
            )
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, re.error) as error:
            raise bad(
                f"its answer or target does not suit its scorer ({type(error).__name__}: {str(error)[:80]})",
                "docs/benchmark.md says what each scorer takes.",
            ) from None
        if result.value != 1.0:
            raise bad(
                f"its own answer scores {result.value:g}: {result.explanation}", "Mend `answer` or `target`."
            )
        answers[
            response_text({"content": draw.reference} if isinstance(draw.reference, str) else draw.reference)
        ] += 1
        chance = 1 / max(1, len(draw.target["labels"])) if draw.scorer == "label" else 0.0
    most, count = answers.most_common(1)[0]
    if count / TRIED > chance + 0.15:  # 0.1, and what 200 draws leave open
        raise bad(
            f"the answer {most[:60]!r} is right for {count / TRIED:.0%} of its items",
            "Make answers vary: the chance of guessing and 10% at most.",
        )


def families_with(folder: str | None) -> dict[str, list[Family]]:
    """Category -> its families, in the order of the suite; with those of the folder behind. Raises UsageError
    when one of these is bad.
    """
    if folder is None:
        return families()
    more = cached(folder, digest(folder))
    return {name: [*members, *more.get(name, ())] for name, members in families().items()}


@lru_cache(maxsize=8)
def cached(folder: str, digest: str) -> dict[str, list[Family]]:
    """As `load`; `digest` (of the folder) tells when to read it again."""
    return load(folder, families())


def digest(folder: str | Path) -> str:
    """Of the names and contents of the family files: part of the fingerprint. Empty when there is none."""
    from autodidact.records import sha256

    folder = Path(folder).expanduser()
    files = (
        sorted(path for path in folder.glob("*.y*ml") if path.is_file() and not path.is_symlink())
        if folder.is_dir()
        else []
    )
    return (
        sha256("\n".join(f"{sha256(path.read_bytes()[: MOST_BYTES + 1])}  {path.name}" for path in files))
        if files
        else ""
    )
