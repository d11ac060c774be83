"""What a schema says of an argument, in words: whether it must be given, what it takes, its default, its own
description, and the same of its fields or entries. What takes more than these words is not said at all: an
explanation that leaves something out is taken for the whole.
"""

import re
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.full.no_call_exchanges import in_quotes, stopped
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import alternatives, ended, plain
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.tool_spec.value_surely_fits import is_month
from autodidact.generators.tool_spec.value_type_phrases import kind_of
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.json_of_expected_type import dict_of, list_of

# Characters of a description of an argument, and of a default.
MOST_ABOUT, MOST_DEFAULT = 400, 80
# Choices that are listed in a sentence.
MOST_CHOICES = 8
# Levels of objects in objects.
DEEPEST = 3
# Types that say nothing of their values.
BARE = ("a string", "a number", "an integer", "an object", "a list", "")
# Words of JSON Schema about the parts of a list or an object that are not put into words.
_UNSAID = {"prefixItems", "contains", "patternProperties", "propertyNames", "unevaluatedProperties", "not"}


def argument_line(known: KnownTool, key: str) -> str:
    """What an argument is: required or not, its values or type, its default, what the schema says of it, and
    its fields where it has any; "" where the schema says nothing of it, or more than these words.
    """
    part = known.properties[key]
    needed = need(known, key)
    return "\n".join(_lines(known, key, part, needed, 0)) if needed else ""


def need(known: KnownTool, key: str) -> str:
    """Whether an argument must be given; "" where that is not known."""
    if key in known.required:
        return "required"
    if key in known.arguments.when:
        how = known.arguments.when[key]
        return f"needed when {how}" if how else ""
    return _not_required(known)


def _not_required(known: KnownTool) -> str:
    """The same words for all that a call may lack: a description may ask for it all the same."""
    return known.unread.closed("not required by the schema", "required")


def _lines(known: KnownTool, name: str, part: Any, needed: str, depth: int) -> list[str]:
    """The line of an argument and those of its fields; [] where one of them cannot be said."""
    line = _line(name, part, needed)
    fields = fields_of(plain(part))
    if not line or fields and depth >= DEEPEST:
        return []
    lines = ["  " * depth + ("- " if depth else "") + line]
    required = list_of(_holder(plain(part)).get("required"))
    for field, one in fields.items():
        must = "required" if field in required else _not_required(known)
        below = _lines(known, field, one, must, depth + 1)
        if not below:
            return []
        lines += below
    return lines


def _holder(part: dict) -> dict:
    """The schema of an object, or of the objects in a list."""
    return part if "properties" in part else plain(part.get("items"))


def fields_of(part: dict) -> dict:
    """The fields of an object, or of the objects in a list; {} for all else."""
    return dict_of(_holder(part).get("properties"))


def _line(key: str, part: Any, needed: str) -> str:
    """A name with its schema in a line; "" where the schema has nothing besides, or more than can be said."""
    kind, said, choices = kind_said(part, key), descriptions(part, key), choices_said(part)
    if kind is None or said is None:
        return ""
    if len(choices) > 1:
        kind = f"one of {listing(choices, 'or')}"
    assumed = f"default {default}" if (default := default_of(plain(part))) else ""
    head = ", ".join(one for one in (needed, kind, assumed) if one)
    own, of_entry = dict(said).get("it", ""), dict(said).get("each entry", "")
    if own and of_entry:
        about = f": {ended(own)} Each entry: {of_entry}"
    else:
        about = f": {_unstopped(own)}" if own else f", each entry: {_unstopped(of_entry)}" if of_entry else ""
    return f"`{key}`{f' ({head})' if head else ''}{about}" * bool(kind or about)


def _unstopped(text: str) -> str:
    """A single sentence without its full stop, as the entry of a list."""
    return text if len(sentences(text)) > 1 else re.sub(r"(?<!\.)\.$", "", text)


def default_of(part: dict) -> str:
    """The default of an argument as it is written; "" for none."""
    written = in_code(part.get("default"))
    if "default" not in part or isinstance(part["default"], dict) and len(written) > MOST_DEFAULT:
        return ""
    return {'""': "an empty text", "[]": "an empty list"}.get(written, f"`{written}`")


def choices_said(part: Any) -> list[str]:
    """The values that an argument can have, each with its own description where it has one; [] for none."""
    part = plain(part)
    about = {
        in_code(option.get("const")): " ".join(str(option.get("description") or "").split()).rstrip(".")
        for option in alternatives(part)
    }
    said = [in_code(one) for one in values_of(part)]
    return [f"`{one}`{f' ({about[one]})' if about.get(one) else ''}" for one in said]


def descriptions(part: Any, key: str = "") -> list[tuple[str, str]] | None:
    """(whom it is of, the schema's own words) of an argument and of the entries of a list; None where one is
    too long to be quoted.
    """
    part = plain(part)
    found = [("it", part, kind_said(part, key) or "")]
    if part.get("type") == "array" and (items := plain(part.get("items"))):
        found.append(("each entry", items, kind_said(items, key) or ""))
    said: list[tuple[str, str]] = []
    for of, one, kind in found:
        text = without_form(" ".join(str(one.get("description") or "").split()), kind)
        if len(text) > MOST_ABOUT:
            return None
        same = {kind.lower(), *(earlier.rstrip(".").lower() for _, earlier in said), ""}
        said += [(of, text)] if text.rstrip(".").lower() not in same else []
    return said


def quoted_descriptions(part: Any, key: str = "", name: str = "it") -> list[str]:
    """The same, each in a sentence that quotes it; what is too long is left out. `name`: of the argument."""
    return [
        f"The schema says of {name if of == 'it' else of}: {stopped(in_quotes(text))}"
        for of, text in descriptions(part, key) or []
    ]


def without_form(about: str, kind: str) -> str:
    """A description without the form of a day, a month or a time, where that is said already."""
    for form in ("YYYY-MM-DD", "YYYY-MM", "HH:MM"):
        if f" as {form}" in kind:
            alone = (
                rf"(?i)(?:(?:an?|the|any|calendar|iso|of|in|format:?) )*(?:(?:day|date|month|time)\b[,:]? ?)?"
                rf"(?:(?:as|in|like|format|formatted as|in the form(?: of)?) )?"
                rf"\(?(?:{form}|ISO date)\)?(?: format)?[.,;:]?"
            )
            parts = re.split(r"(?<=[.;]) ", about)
            while parts and re.fullmatch(alone, parts[-1]):
                parts.pop()
            while parts and re.fullmatch(alone, parts[0]):
                parts.pop(0)
            about = re.sub(rf"(?i)^(?:{form}|ISO date)(?:[,;:.]? +|[,;:.]?$)", "", " ".join(parts))
            about = re.sub(rf"(?i)(?<=\w)(?:,? (?:as|in)|,)? \(?{form}\)?\.?$", "", about)
    return about


# The patterns of days and times, as JSON Schemas have them.
_FORMS = {
    r"\d{4}-\d{2}-\d{2}": "a day as YYYY-MM-DD",
    r"\d{2}:\d{2}": "a time as HH:MM",
    r"([01]\d|2[0-3]):[0-5]\d": "a time as HH:MM",
    r"(?:[01]\d|2[0-3]):[0-5]\d": "a time as HH:MM",
}


def kind_said(part: Any, key: str = "") -> str | None:
    """The type of an argument in a few words; a pattern of days, months or times as such. "" where the schema
    has none, None where it takes more than a few words.
    """
    options = [] if values_of(plain(part)) else alternatives(part)
    if len(options) > 1:
        kinds = [kind_said(one, key) for one in options]
        if not all(kinds) or any(fields_of(plain(one)) for one in options):
            return None
        return listing(dict.fromkeys(map(str, kinds)), "or")
    part = {word: value for word, value in plain(part).items() if word not in ("anyOf", "oneOf")}
    if values := values_of(part):
        return f"always `{in_code(values[0])}`" if len(values) == 1 else ""
    if _UNSAID & part.keys() or "`" in str(part.get("pattern")):
        return None
    kind = _bounds_joined(kind_of(part))
    if part.get("type") == "array":
        return _with_entries(kind, part, key)
    if part.get("type") == "object" and "properties" not in part:
        return _with_values(part, key)
    if not kind and part.keys() & {"type", "$ref", "allOf", "if"}:
        return None
    pattern = re.fullmatch(r"a string that matches `\^?(.*?)\$?`", kind)
    if pattern and is_month(key, part):
        return "a month as YYYY-MM"
    return _FORMS.get(pattern[1], kind) if pattern else kind


def _bounds_joined(said: str) -> str:
    """A type with its bounds in one phrase: "a number of at least 0 and below 360"."""
    said = re.sub(r"\b(\d+) to \1 ", r"exactly \1 ", said)
    said = re.sub(r"(above [^\s,]+),? (?=below|at most)", r"\1 and ", said)
    said = re.sub(r", (at least [^\s,]+),? (?=below)", r" of \1 and ", said)
    said = re.sub(r"(?<=`) of (?=(?:exactly|at least|at most|\d))", " and has ", said)
    said = re.sub(r"^(an? \w+), (?=at (?:least|most) )", r"\1 of ", said)
    said = re.sub(
        r"a string in the format date(?![\w-])(?: that matches `[^`]*`)?", "a day as YYYY-MM-DD", said
    )
    return said.replace("a string in the format email", "an e-mail address")


def _with_entries(kind: str, part: dict, key: str) -> str | None:
    """The type of a list with what its entries are."""
    raw = part.get("items")
    items = plain(raw)
    once = ", none twice" if part.get("uniqueItems") is True else ""
    kind = f"{kind or 'a list'}{once}"
    entries = values_of(items)
    if len(entries) > 1:
        choices = listing((f"`{in_code(one)}`" for one in entries), "or")
        return (
            f"a list whose entries are {choices}" if kind == "a list" else f"{kind}, each of them {choices}"
        )
    if not raw or "properties" in items:
        return kind
    inner = kind_said(raw, key)
    if inner is None or not inner and items.get("type") is None and items:
        return None
    if inner in BARE:
        return kind
    # What each entry is comes behind it, so the type's own noun does not.
    bare = kind_of({word: value for word, value in part.items() if word != "items"})
    kind = f"{_bounds_joined(bare) or 'a list'}{once}"
    return f"a list, each entry {inner}" if kind == "a list" else f"{kind}, each {inner}"


def _with_values(part: dict, key: str) -> str | None:
    """The type of an object from names to values."""
    free = part.get("additionalProperties")
    if not isinstance(free, dict) or not free:
        return "an object"
    inner = kind_said(free, key)
    return f"an object whose values are each {inner}" if inner and not fields_of(plain(free)) else None


def with_fields(kind: str, part: Any) -> str:
    """The type of an object, or of a list of objects, with the names of its fields."""
    fields = fields_of(plain(part))
    if not fields:
        return kind
    required = [one for one in list_of(_holder(plain(part)).get("required")) if one in fields]
    rest = [f"`{one}`" for one in fields if one not in required]
    if not required:
        said = f"that may have {listing(rest)}"
        return f"{kind}, each an object {said}" if kind.startswith("a list") else f"{kind} {said}"
    said = f"with {listing(f'`{one}`' for one in required)}"
    said += f" and, optionally, {listing(rest)}" if rest else ""
    return f"{kind}, each {said}" if kind.startswith("a list") else f"{kind} {said}"


def about_of(part: Any, key: str) -> str:
    """What the schema says of an argument, as sentences behind another one; "" where it says nothing."""
    choices, kind = choices_said(part), kind_said(part, key)
    if kind is None:
        return ""
    said = with_fields(kind, part)
    if 1 < len(choices) <= MOST_CHOICES:
        said = f"one of {listing(choices, 'or')}"
    return "".join(f" {one}" for one in (said and f"It is {said}.", *quoted_descriptions(part, key)) if one)
