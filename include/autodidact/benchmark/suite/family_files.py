"""The form of a family that is written as YAML: the plain ones of the suite (families/<category>/<name>.yaml)
and a user's own (user_families.py).

    category: tool_use
    about: Restart a service where somebody asks for it.
    scorer: call
    prompt: "{who} asks: please restart {service} in {region}."
    tools: [...]                       # as in an OpenAI request, for the scorer `call`
    answer: {name: restart, arguments: {service: "{service}", region: "{region}"}}
    slots:                             # drawn one by one, in this order
      who: people                      # a list of made_up/vocabulary.yaml
      service: [billing, search, mailer]
      region: [eu, us]

`{name}` stands for a slot's value. Wherever a value stands, a mapping of levels may stand: `{1: ..., 3: ...}`
is the first at levels 1 and 2; what has no level that low is left out. Nothing in a file is executed.
docs/benchmark.md has all fields and what each scorer takes.
"""

import difflib
import json
import re
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import yaml

from autodidact.benchmark.item_family import LEVELS, Draw, Family
from autodidact.benchmark.suite.item_from_family_file import Form, Slot, draw_form, mentioned, names_of
from autodidact.benchmark.suite.made_up.vocabulary import WORDS
from autodidact.errors import UsageError
from autodidact.records import CATEGORIES

# Bytes of a file.
MOST_BYTES = 1_000_000
# Mappings and lists within each other; the schema of a tool may need ten.
DEEPEST = 40
# Numbers that a slot may be between.
MOST_NUMBERS = 10**12
SCORERS = ("label", "exact", "number", "set", "order", "facts", "budget", "call", "judge")
NEEDED = ("category", "scorer", "prompt", "answer")
# Optional field -> its type. The prompt's is here because it is checked with them.
KINDS = {
    "prompt": str,
    "system": str,
    "about": str,
    "tools": list,
    "target": dict,
    "slots": dict,
    "rows": list,
    "texts": dict,
    "payload": dict,
}
FIELDS = (
    *NEEDED,
    "name",
    "about",
    "system",
    "tools",
    "target",
    "slots",
    "rows",
    "texts",
    "payload",
    "max_tokens",
)
SHOWN = "docs/benchmark.md shows the form of a family file."
_NAME = re.compile(r"[A-Za-z_]\w*")
_ABSENT = object()


def shipped(name: str, *, hidden: bool = False) -> Family:
    """The family of the suite in `families/<category>/<name>.yaml`; `name` has both parts."""
    path = Path(__file__).parent / "families" / f"{name}.yaml"
    _, family = read(path)
    return Family(family.name, family.draw, hidden)


def read(path: Path, least: int = 1) -> tuple[str, Family]:
    """(category, the family of that file, hidden). Raises UsageError in one line that names the file, what is
    wrong and what to do, also when it has fewer than `least` payloads at a level.
    """

    try:
        spec = _yaml(path)
        forms = _forms(spec)
        name = str(spec.get("name", path.stem))
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise UsageError(
                f"{name!r} is no name of a family", "Use small letters, digits and underscores, 40 at most."
            )
        payloads = min(map(_payloads, forms.values()))
        if payloads < least:
            raise UsageError(
                f"it has {payloads} different items, {least} are needed",
                "Add slots or values: nobody should get used to them.",
            )
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", error.remedy) from None

    def draw(rng: Random, level: int) -> Draw:
        return draw_form(forms[level], rng)

    draw.__doc__ = forms[1].fields.get("about") or f"Of {path.name}."
    return forms[1].fields["category"], Family(name, draw, hidden=True)


def _forms(spec: dict[str, Any]) -> dict[int, Form]:
    """Level -> the file as it is there."""
    _check_names(spec)
    forms = {level: _form(at_level(spec, level)) for level in LEVELS}
    _check_use(list(forms.values()))
    return forms


def at_level(value: Any, level: int) -> Any:
    """`value` at a level: of a mapping of levels the entry of the highest one up to `level`. Lists and
    mappings leave out what has no such entry.
    """
    if isinstance(value, list):
        return [each for each in (at_level(one, level) for one in value) if each is not _ABSENT]
    if not isinstance(value, dict):
        return value
    if value and all(type(key) is int and key in LEVELS for key in value):
        reached = [key for key in value if key <= level]
        return at_level(value[max(reached)], level) if reached else _ABSENT
    found = {name: at_level(each, level) for name, each in value.items()}
    return {name: each for name, each in found.items() if each is not _ABSENT}


def _yaml(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise UsageError(
            "it is a link, no plain file, or larger than 1 MB",
            "Put the file itself there, and keep it small.",
        )
    try:
        text = path.read_text(encoding="utf-8")
        _check_events(text)
        spec = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(
            f"it is no YAML: {' '.join(str(error).split())[:160]}",
            "Mend the file, or take it out of the folder.",
        ) from None
    if not isinstance(spec, dict):
        raise UsageError("it is no mapping of fields", SHOWN)
    return spec


def _check_events(text: str) -> None:
    """Refuses what would take long to read: a few lines of aliases can stand for gigabytes, and the time that
    PyYAML takes grows with the square of the depth.
    """
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UsageError("it uses a YAML alias", "Write the value out.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise UsageError(f"it is nested more than {DEEPEST} deep", SHOWN)


def _check_names(spec: dict[str, Any]) -> None:
    for name in spec:
        if name not in FIELDS:
            near = difflib.get_close_matches(str(name), FIELDS, 1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(FIELDS)}."
            raise UsageError(f"unknown field {name!r}", remedy)
    optional = ", ".join(FIELDS[len(NEEDED) :])
    for name in NEEDED:
        if name not in spec:
            remedy = f"Needed are category, scorer, prompt and answer; optional: {optional}."
            raise UsageError(f"it has no {name!r}", remedy)


def _form(fields: dict[str, Any]) -> Form:
    for name in NEEDED:
        if name not in fields:
            raise UsageError(f"it has no {name!r} at level 1", "Give it a value for level 1.")
    if fields["category"] not in CATEGORIES:
        raise UsageError(f"unknown category {fields['category']!r}", f"Use one of {', '.join(CATEGORIES)}.")
    if fields["scorer"] not in SCORERS:
        raise UsageError(f"unknown scorer {fields['scorer']!r}", f"Use one of {', '.join(SCORERS)}.")
    for key, kind in KINDS.items():
        if key in fields and not isinstance(fields[key], kind):
            raise UsageError(f"{key!r} is no {({str: 'text', list: 'list', dict: 'mapping'})[kind]}", SHOWN)
    room = fields.get("max_tokens", 64)
    if not isinstance(room, int) or isinstance(room, bool) or not 1 <= room <= 1024:
        raise UsageError(f"max_tokens is {room!r}", "Use a number from 1 to 1024: room for twice the answer.")
    slots: list[Slot] = []
    for names, values in fields.get("slots", {}).items():
        slots.append(_slot(str(names), values, slots))
    if rows := fields.get("rows"):
        _check_rows("`rows`", rows, names_of(slots))
        slots.append(Slot(("rows",), rows))
    _check_slots_exist(fields, slots)
    return Form(fields, slots)


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _slot(key: str, given: Any, earlier: list[Slot]) -> Slot:
    """The slot that `key: given` describes: a list of values, names of word lists, `{from, except}` or
    `{between}`.
    """
    names = tuple(name.strip() for name in key.split(","))
    wrong = UsageError(
        f"the slot {key!r} is no list of texts and numbers",
        "Write for example `region: [eu, us]`; quote words such as yes and no.",
    )
    if not all(map(_NAME.fullmatch, names)):
        raise wrong
    if len({*names}) < len(names) or {*names} & names_of(earlier):
        raise UsageError(f"the slot {key!r} is there already", "Give it another name.")
    apart = None
    if isinstance(given, dict) and given.keys() <= {"from", "except"} and "from" in given:
        given, apart = given["from"], given.get("except")
        if apart is not None and apart not in names_of(earlier):
            raise UsageError(f"the slot {key!r} excepts {apart!r}", "Name a slot above it.")
    if isinstance(given, dict) and given.keys() == {"between"} and apart is None:
        return Slot(names, _range(key, given["between"]))
    if isinstance(given, str):
        given = [word for name in given.split(",") for word in _words(key, name.strip())]
    if not isinstance(given, list) or len(given) < len(names):
        raise wrong
    if given and all(isinstance(value, dict) for value in given):
        _check_rows(f"the slot {key!r}", given, names_of(earlier))
        return Slot(names, given, apart)
    if not given or not all(map(_plain, given)):
        raise wrong
    if len({str(value) for value in given}) != len(given):
        raise UsageError(f"the slot {key!r} has a value twice", "Take one of them out.")
    return Slot(names, given, apart)


def _range(key: str, ends: Any) -> range:
    two = isinstance(ends, list) and [type(end) for end in ends] == [int, int]
    if not two or not 0 < ends[1] - ends[0] < MOST_NUMBERS:
        raise UsageError(
            f"the slot {key!r} is between {str(ends)[:40]}",
            "Write for example `{between: [2, 60]}`, the smaller number first.",
        )
    return range(ends[0], ends[1] + 1)


def _words(key: str, name: str) -> list[str]:
    if name not in WORDS:
        raise UsageError(
            f"the slot {key!r} is {name!r}, which is no list of words",
            f"Write a list, or one of {', '.join(WORDS)}.",
        )
    return WORDS[name]


def _check_rows(what: str, rows: list, others: set[str]) -> None:
    for row in rows:
        if (
            not isinstance(row, dict)
            or not row
            or row.keys() != rows[0].keys()
            or not all(map(_plain, row.values()))
            or row.keys() & others
        ):
            raise UsageError(
                f"{what} is no list of mappings with the same names, other than those of the slots",
                "Give every row a text or number for each name.",
            )
    if len({json.dumps(row, sort_keys=True) for row in rows}) != len(rows):
        raise UsageError(f"{what} has a row twice", "Take one of them out.")


def _check_slots_exist(fields: dict[str, Any], slots: list[Slot]) -> None:
    known = names_of(slots) | set(map(str, fields.get("texts", {})))
    places = ("prompt", "system", "answer", "target", "texts", "payload")
    if unknown := sorted(mentioned([fields.get(place) for place in places]) - known):
        raise UsageError(
            f"{{{unknown[0]}}} is no slot", f"There are: {', '.join(sorted(map(str, known))) or 'none'}."
        )


def _reached(fields: dict[str, Any], slots: list[Slot], *places: str) -> set[str]:
    """The names in those fields, in the texts that they name, and in rows."""
    found = mentioned([fields.get(place) for place in places])
    texts = {str(name): text for name, text in fields.get("texts", {}).items()}
    for name in reversed(texts):
        if name in found:
            found |= mentioned(texts[name])
    for slot in slots:
        if isinstance(slot.values[0], dict):
            found |= mentioned([row[name] for row in slot.values for name in row if name in found])
    return found


def _check_use(forms: list[Form]) -> None:
    used = set().union(*(_reached(form.fields, form.slots, "prompt", "system") for form in forms))
    for form in forms:
        for slot in form.slots:
            rows = isinstance(slot.values[0], dict)
            if idle := sorted(set() if rows else set(slot.names) - used):
                raise UsageError(
                    f"the slot {idle[0]!r} does not occur in the prompt",
                    "A slot that nobody sees makes no other question.",
                )


def _payloads(form: Form) -> int:
    """How many different questions the values of the slots make."""
    if "payload" in form.fields:
        used = _reached(form.fields, form.slots, "payload")
    else:
        used = _reached(form.fields, form.slots, "prompt", "system") | {"rows"}
    return prod(len(slot.values) for slot in form.slots if used & {*slot.names, *names_of([slot])})
