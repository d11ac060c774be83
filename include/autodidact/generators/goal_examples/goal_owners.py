"""Whose a goal is: of several people in one cell each by themselves, where they are certainly several."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from autodidact.generators.goal_examples.parse_goal_fields import TABLE, listed
from autodidact.sources.placeholders import is_no_value
from autodidact.sources.table_files import UNKNOWN

# Between two owners, or within the name of one: "Berg, Ann", "Research & Development".
_BETWEEN = re.compile(r"\s*[,|]\s*(?:and\s+)?|\s+(?:and|und|et|y|e|&|\+|/)\s+|(?<=\w)/(?=\w)", re.IGNORECASE)
_HANDLE = re.compile(r"@?[a-z0-9][a-z0-9._-]*")
_GIVEN: dict[str, list[str]] = TABLE["owners"]
# "maybe Cy", "Ann until May".
_DOUBT = re.compile(rf"\b(?:{'|'.join(_GIVEN['doubt'])})\b", re.IGNORECASE)
_NONE = set(TABLE["nobody"])


class Owners(NamedTuple):
    """`whole`: whether these are all, each by the name that one person or team has."""

    names: tuple[str, ...] = ()
    whole: bool = True


def single_owners(values: Iterable[Any]) -> set[str]:
    """What stands in some cell as the one owner."""
    found = (listed(value, ";") for value in values)
    return {names[0] for names in found if len(names) == 1 and not _BETWEEN.search(names[0])}


def owners(value: Any, single: set[str], by_comma: bool) -> Owners:
    """The owners of a cell or a list. `single`: those that stand alone in other cells; `by_comma`: whether
    the tracker writes several with commas between them. What may be one or several stays as it is written.
    """
    names: list[str] = []
    whole = True
    in_list = not isinstance(value, str) or value.strip().startswith("[")
    for text in listed(value, ";"):
        parts = [text] if in_list or text.startswith("@") and "/" in text else _BETWEEN.split(text)
        if len(parts) > 1 and not _several(text, parts, single, by_comma):
            parts, whole = [text], False
        for part in parts:
            if _doubtful(part):
                whole = False
            elif part and part.lower() not in _NONE:
                names.append(part)
    return Owners(tuple(dict.fromkeys(names)), whole)


def _several(text: str, parts: list[str], single: set[str], by_comma: bool) -> bool:
    """Whether the parts of a text are owners each."""
    if all(part in single for part in parts):
        return True
    return not re.search(r"[/&+|]", text) and (by_comma or all(map(_HANDLE.fullmatch, parts)))


def _doubtful(text: str) -> bool:
    """Whether a text does not say whose a goal is: "?", "Ben?", "maybe Cy", "ask Ann", "<name>"."""
    if text.lower() in UNKNOWN or "?" in text or is_no_value(text) or _DOUBT.search(text):
        return True
    first, _, rest = text.partition(" ")
    # A name that begins with a small letter goes on with one, but for "van Dyke" and "team Blue".
    return first.islower() and first.isalpha() and rest[:1].isupper() and first not in _GIVEN["small"]
