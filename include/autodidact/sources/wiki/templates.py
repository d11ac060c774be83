"""What templates of a wiki show in a sentence: those that are known by name (templates.yaml). Any other
leaves a hole (documents/sentences.py).
"""

import re
from functools import cache

from autodidact.shipped_tables import own_table
from autodidact.sources.documents.sentences import HOLE

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBER = r"[-−]?\d[\d,]*(?:\.\d+)?"
# Between the ends of a range.
_BETWEEN = {
    "-": "–",
    "–": "–",
    "to": " to ",
    "and": " and ",
    "or": " or ",
    "x": " × ",
    "by": " by ",
    "×": " × ",
}
# Options of `convert` that leave the first value as it is.
_LOOKS = frozenset(
    ("abbr", "sp", "lk", "sigfig", "comma", "round", "order", "wrap", "adj", "sing", "sortable")
)
_ARGUMENT = re.compile(r"\|((?:\[\[[^\[\]]*\]\]|[^|])*+)")
_NAMED = re.compile(r"\s*([\w -]+?)\s*=(.*)", re.DOTALL)
_SECTIONS = re.compile(r"\s*(:|#lst|#section|#lsth|#invoke:)", re.IGNORECASE)


@cache
def _table() -> dict:
    return own_table(__file__)


def name_of(inner: str) -> str:
    """The name of a template, from what stands between its braces."""
    return " ".join(inner.partition("|")[0].replace("_", " ").split()).lower()


def brings_sections(inner: str) -> bool:
    """Whether a template puts in a part of another page, or what a program makes."""
    return _SECTIONS.match(inner) is not None


def shown(inner: str) -> str:
    """What a template shows in a sentence, from what stands between its braces."""
    name, table = name_of(inner), _table()
    if name in table["hidden"]:
        return ""
    if name in table["signs"] and "|" not in inner:
        return table["signs"][name]
    if name.startswith("formatnum:"):
        value = name.removeprefix("formatnum:").strip()
        return value if re.fullmatch(_NUMBER, value) and "|" not in inner else HOLE
    places, named = _arguments(inner)
    if name in table["shown"]:
        place = table["shown"][name]
        place = place - 1 if place > 0 else place
        text = (
            named.get("lt")
            or named.get("text")
            or (places[place] if -len(places) <= place < len(places) else "")
        )
        return text or HOLE
    if name in table["money"]:
        amount = places[0] if len(places) == 1 else ""
        return table["money"][name] + amount if re.fullmatch(_NUMBER, amount) and not named else HOLE
    made = _MADE.get(name)
    return (made(places, named) if made else None) or HOLE


def _arguments(inner: str) -> tuple[list[str], dict[str, str]]:
    """(those by place, those by name) of a template."""
    places: list[str] = []
    named: dict[str, str] = {}
    name_end = inner.find("|")
    for match in _ARGUMENT.finditer(inner, name_end) if name_end >= 0 else ():
        found = _NAMED.fullmatch(match[1])
        if found and not found[1].strip().isdecimal():
            named[found[1].lower()] = found[2].strip()
        else:
            places.append((found[2] if found else match[1]).strip())
    return places, named


def _convert(places: list[str], named: dict[str, str]) -> str | None:
    """The value as its author wrote it; the converted one, in parentheses, is left out."""
    if named.keys() - _LOOKS or named.get("adj", "off") not in ("on", "off") or len(places) < 2:
        return None
    values, unit = [places[0]], places[1]
    between = ""
    if len(places) > 3 and places[1] in _BETWEEN:
        between, unit = _BETWEEN[places[1]], places[3]
        values.append(places[2])
    elif len(places) > 2 and re.fullmatch(_NUMBER, places[2]):
        # Feet and inches.
        return None
    words = _table()["units"].get(unit.lower() if unit not in ("M", "T") else "")
    if words is None or not all(re.fullmatch(_NUMBER, value) for value in values):
        return None
    number = between.join(values)
    short, one, several = words
    if short.startswith("°"):
        return f"{number} {short}"
    if named.get("abbr") in ("on", "in", "yes"):
        return f"{number} {short}"
    if named.get("sp") == "us":
        one, several = (word.replace("metre", "meter").replace("litre", "liter") for word in (one, several))
    if named.get("adj") == "on":
        return f"{number}-{one}"
    return f"{number} {one if values == ['1'] else several}"


def _val(places: list[str], named: dict[str, str]) -> str | None:
    unit = named.get("u") or named.get("ul") or ""
    if named.keys() - {"u", "ul", "fmt"} or not 0 < len(places) < 3 or "<" in unit:
        return None
    if not all(re.fullmatch(_NUMBER, value) for value in places):
        return None
    return f"{'±'.join(places)} {unit}".strip()


def _fraction(places: list[str], named: dict[str, str]) -> str | None:
    if named or not all(part.isdecimal() for part in places):
        return None
    forms = {1: "1/{}", 2: "{}/{}", 3: "{} {}/{}"}
    return forms[len(places)].format(*places) if len(places) in forms else None


def _circa(places: list[str], named: dict[str, str]) -> str | None:
    return (
        f"circa {places[0]}"
        if len(places) == 1 and re.fullmatch(r"\d{1,4}s?( BCE?| CE| AD)?", places[0])
        else None
    )


def _date(places: list[str], named: dict[str, str], *, day_first: bool = False) -> str | None:
    if not 0 < len(places) < 4 or not all(part.isdecimal() and len(part) < 5 for part in places):
        return None
    year, month, day = [*map(int, places), 0, 0][:3]
    if not 0 <= month <= 12 or not 0 <= day <= 31 or (len(places) > 1 and not month):
        return None
    if not month:
        return str(year)
    if not day:
        return f"{MONTHS[month - 1]} {year}"
    first = day_first or named.get("df", "no").lower() in ("yes", "y", "true", "1")
    return f"{day} {MONTHS[month - 1]} {year}" if first else f"{MONTHS[month - 1]} {day}, {year}"


def _as_of(places: list[str], named: dict[str, str]) -> str | None:
    day_first = named.get("df", "").lower() != "us"
    date = _date(places, {}, day_first=day_first) if not named.keys() - {"lc", "df", "url"} else None
    return f"{'as' if named.get('lc') else 'As'} of {date}" if date else None


_MADE = {
    "convert": _convert,
    "cvt": lambda places, named: _convert(places, named | {"abbr": "on"}),
    "val": _val,
    "frac": _fraction,
    "fraction": _fraction,
    "sfrac": _fraction,
    "circa": _circa,
    "c.": _circa,
    "ca.": _circa,
    "start date": _date,
    "end date": _date,
    "as of": _as_of,
    "chem": lambda places, named: "".join(places) if not named else None,
}
