"""What a tool gives back: by its output schema, or made up to fit what its description speaks of. Where
neither says what comes back, there is no result.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from autodidact.generators.tool_spec.full.argument_values import MADE_UP, plural, singular
from autodidact.generators.tool_spec.full.drawn_arguments import drawn
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.value_phrases import names_of
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.schema_values import NO_VALUE, sample
from autodidact.generators.tool_spec.verb_forms import VERBS
from autodidact.generators.writing.word_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of

# Items of a list.
MOST = 5
# Characters of a result.
LONGEST = 900

_TABLE = read_table(__file__)
_KINDS = {noun: kind["fields"] for kind in _TABLE["kinds"] for noun in kind["nouns"]}
_FIELDS = {word: one for words, one in _TABLE["fields"].items() for word in words.split("|")}
_IRREGULAR, _DOUBLED = _TABLE["participles"], frozenset(_TABLE["doubled"])

MANY, _MAKING = frozenset(_TABLE["many"]), frozenset(_TABLE["making"])
ACTING, SLOW = frozenset(_TABLE["acting"]), frozenset(_TABLE["slow"])
_SAID_ALONE = frozenset(_TABLE["said_alone"])
_TEXTS = ("title", "message", "text", "subject")
_QUERIES = frozenset(("q", "query", "search", "keyword", "keywords", "term", "search_query"))
_ADJECTIVES = frozenset(_TABLE["adjectives"])
READ = MANY | frozenset(_TABLE["reading"])
_CUT = re.compile(
    r" (?:of|for|from|in|on|at|to|with|by|called|labelled|sorted|and|that|which|using|across|about|between"
    r"|whose"
    r"|assigned|including|without|near|within|before|after|into|as|due|available|matching|today|tomorrow"
    r"|yesterday)\b.*"
    r"|[,\"(].*"
)
_FRAME = re.compile(
    r"(?:details|information|list|contents?|data|metadata|the state|the status)"
    r"(?: (?:of|about|on|for|from)|$) ?"
)


@dataclass
class Result:
    """`content`: what the tool returned. `items`: the things of a list, or the one record; `ref`: the field
    by which one refers to such a thing; `noun`: what they are, in the singular. `made`: the field that names
    what an action made.
    """

    content: str
    items: list[dict[str, Any]] = field(default_factory=list)
    ref: str = ""
    noun: str = ""
    made: str = ""


def verb_of(wish: Wish) -> str:
    return wish.do.split(" ", 1)[0] if wish.do else "get"


def noun_of(wish: Wish) -> str:
    """What is listed, got or made, without its adjectives' article: "sailings", "code scanning alert"."""
    text = wish.do.partition(" ")[2] if wish.do else wish.thing
    text = re.sub(r"^(?:for|up) ", "", text)
    text = re.sub(r"^(?:the |an? |all |any |my |one |new |latest |likely )+", "", text)
    text = _FRAME.sub("", text, count=1)
    text = re.sub(r"^(?:the |an? |all |any |my |one |new |latest )+", "", text)
    noun = _CUT.sub("", text).strip()
    return re.sub(r"(?: \S*[\d/]\S*)+$", "", noun)


def kind_fields(noun: str) -> dict[str, list] | None:
    """The record of such a thing; its last words say what it is, and no adjective another kind of it."""
    words = [*noun.split()[:-1], singular(noun.split()[-1])] if noun else []
    for start in range(len(words)):
        if found := _KINDS.get(" ".join(words[start:])):
            # A weather alert has no place in a file.
            return found if _ADJECTIVES.issuperset(words[:start]) else None
    return None


def participle(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ed"
    return f"{verb}d" if verb.endswith("e") else re.sub(r"(?<![aeiou])y$", "i", verb) + "ed"


def done(wish: Wish) -> str:
    """What was done, after "I have": "opened an incident for the tides service"; "" where grammar is open."""
    verb, _, rest = wish.do.partition(" ")
    if not rest or verb not in VERBS or re.match(r"(?:,|and |or |up |out |off )", rest) or "," in verb:
        return ""
    cut = re.search(r",? and ([a-z]+) (its|their|it|them|the|an?) ([\w-]+)", rest)
    if cut:
        second = f" and {participle(cut[1])} {cut[2]} {cut[3]}" if cut[1] in VERBS else ""
        rest = rest[: cut.start()] + second + rest[cut.end() :]
    rest = re.sub(
        r" (but|and) (page|tell) (nobody|somebody|those concerned)",
        lambda flag: f" {flag[1]} {participle(flag[2])} {flag[3]}",
        rest,
    )
    return f"{participle(verb)} {re.sub(r', before .*$', '', rest)}"


def listed(wish: Wish, consumer: tuple[KnownTool, str] | None, rng: Random, day: date) -> Result | None:
    """A list of things. `consumer`: a tool and its argument that takes such a thing."""
    plural_noun = noun_of(wish)
    noun = " ".join([*plural_noun.split()[:-1], singular(plural_noun.split()[-1])]) if plural_noun else ""
    if not noun or not (plural_noun.endswith("s") or consumer):
        return None
    fields = dict(kind_fields(noun) or {})
    refs: list[Any] = []
    if consumer:
        tool, key = consumer
        made = [drawn(tool, rng, day, lambda leaf: False) for _ in range(2 * MOST)]
        refs = [given[key] for given in made if given and key in given]
        refs = list(dict.fromkeys(refs))
        if fields and not any(re.search(r"\d", str(one)) for one in refs):
            refs = []
    extra = _described(wish)
    if not fields and not (refs and extra):
        return None
    # A repository without commits is nobody's: only what is searched or narrowed down may be empty.
    narrowed = verb_of(wish) in ("search", "find") or any(key in wish.given for key in wish.known.optional)
    count = rng.choice((0, 1, 2, 3, 3, 4, MOST) if narrowed else (1, 2, 3, 3, 4, MOST))
    ref = consumer[1] if consumer and refs else next(iter(fields))
    values = refs or rng.sample(fields[ref], len(fields[ref]))
    if consumer and refs and fields and next(iter(fields)) in ("number", "id", "sha", "path"):
        fields.pop(next(iter(fields)))
    rest = {name: pool for name, pool in fields.items() if name != ref}
    rest |= {one["field"]: one["values"] for one in extra} if not fields or len(rest) < 2 else {}
    asked = max((one for one in wish.given.values() if type(one) is int and one < 50), default=0)
    rest = {
        name: [one for one in pool if one >= asked] if name.endswith("_left") else rng.sample(pool, len(pool))
        for name, pool in rest.items()
    }
    values = _found(values, wish, rest)
    items = [
        {ref: value}
        | {name: _shifted(_one_of(pool, number, name, rng), day) for name, pool in list(rest.items())[:3]}
        for number, value in enumerate(values[:count])
    ]
    given = _conditions(wish)
    items = [{key: given.get(key, value) for key, value in item.items()} for item in items]
    content = json.dumps(items, ensure_ascii=False)
    return Result(content, items, ref, noun) if len(content) <= LONGEST else None


def _one_of(pool: list, number: int, name: str, rng: Random) -> Any:
    """A field of the thing with this number: of texts each one once."""
    return pool[number % len(pool)] if len(pool) >= MOST or name in _TEXTS else rng.choice(pool)


def _found(values: list[Any], wish: Wish, rest: dict[str, list]) -> list[Any]:
    """The things that a search may find: of those with texts as many as have a word of what is searched for,
    and `rest` with these texts alone.
    """
    query = next((str(wish.given[key]) for key in wish.given if key in _QUERIES), "")
    key = next((key for key in _TEXTS if key in rest), "")
    if not query or not key:
        return values
    rest[key] = [one for one in rest[key] if stems(str(one)) & stems(query)]
    return values[: len(rest[key])]


def _conditions(wish: Wish) -> dict[str, Any]:
    """What a thing must be to be listed, by the arguments or their defaults: open ones only are open."""
    found = dict(wish.given)
    for key in wish.known.optional:
        default = wish.known.properties[key].get("default")
        if key in ("state", "status", "severity") and isinstance(default, str):
            found.setdefault(key, default)
    for one, other in (("state", "status"), ("status", "state")):
        if one in found:
            found.setdefault(other, found[one])
    return {
        key: value for key, value in found.items() if isinstance(value, str) and value not in ("all", "any")
    }


def _shifted(value: Any, day: date) -> Any:
    """A day of the table as one before the exchange."""
    if isinstance(value, date):
        return (day - timedelta(days=(date(2026, 5, 12) - value).days)).isoformat()
    return value


def record(wish: Wish, rng: Random, day: date) -> Result | None:
    """One thing's fields: of its kind, or those that the description speaks of."""
    counts = any(
        isinstance(value, float) or type(value) is int and value < 60 for value in wish.given.values()
    )
    by_schema = None if counts else _of_schema(wish.known, rng)
    if by_schema:
        return Result(json.dumps(by_schema, ensure_ascii=False), [by_schema], "", noun_of(wish))
    noun = noun_of(wish)
    extra = [] if noun.endswith("s") else _described(wish)
    fields = None if _is_part(wish, noun) else kind_fields(noun)
    if fields and not noun.endswith("s"):
        item = {name: _shifted(rng.choice(pool), day) for name, pool in list(fields.items())[1:]}
        given = next((value for key, value in wish.given.items() if noun.split()[-1] in names_of(key)), None)
        name = next(iter(fields))
        item = {name: rng.choice(fields[name]) if given is None else given} | item
    elif extra:
        item = {one["field"]: rng.choice(one["values"]) for one in extra[:3]}
    else:
        return None
    return Result(json.dumps(item, ensure_ascii=False), [item], "", noun)


def _is_part(wish: Wish, noun: str) -> bool:
    """Whether what comes back is part of another thing: the message of a commit is none of a chat."""
    after = (wish.do or wish.thing).partition(noun)[2]
    return bool(noun) and re.match(r" (?:of|and) (?:the|an?|one)\b", after) is not None


def _described(wish: Wish) -> list[dict]:
    """What the description of a tool says that one gets."""
    noun = noun_of(wish)
    last = noun.split()[-1:]
    words = (
        [one for one in last if one in _SAID_ALONE]
        if not noun.endswith("s")
        else re.findall(r"[a-z]+", wish.known.purpose.lower())
    )
    found = [_FIELDS[word] for word in words if word in _FIELDS]
    return [one for number, one in enumerate(found) if one not in found[:number]]


def _of_schema(known: KnownTool, rng: Random) -> dict[str, Any] | None:
    """A result by the output schema, where that names fields with plain values."""
    parts = dict_of((known.tool.output or {}).get("properties"))
    if not parts or set(parts) == {"result"} or len(parts) > 6:
        return None
    try:
        drawn = sample(known.tool.output or {}, rng)
    except NO_VALUE:
        return None
    if not isinstance(drawn, dict) or len(drawn) < 2 or len(json.dumps(drawn)) > LONGEST:
        return None
    return drawn if all(isinstance(one, (str, int, float)) for one in drawn.values()) else None


def acted(wish: Wish, consumer: tuple[KnownTool, str] | None, rng: Random) -> Result | None:
    """What an action returns: what it made, or that it is done."""
    verb = verb_of(wish)
    if verb not in ACTING:
        return None
    if consumer:
        made = consumer[0].draw(rng)
        name, value = consumer[1], made and made.get(consumer[1])
        if value in (None, "") or (isinstance(value, str) and value in MADE_UP):
            name, value = consumer[1], f"{consumer[1][:1].upper()}-{rng.randint(100, 989)}"
    else:
        first = next(iter(kind_fields(noun_of(wish)) or {"id": []}))
        name, value = ("number" if first == "number" else "id"), rng.randint(1200, 9800)
    words = noun_of(wish).split()
    named = any(name in words for key in wish.given for name in names_of(key))
    makes = not named and verb in _MAKING
    body: dict[str, Any] = {name: value} if makes or consumer else {}
    scalars = {
        key: one for key, one in wish.given.items() if isinstance(one, (str, int)) and len(str(one)) < 30
    }
    body |= dict(list(scalars.items())[:2])
    said = participle(verb)
    body["status"] = said if verb in VERBS and said.endswith("ed") else "ok"
    return Result(json.dumps(body, ensure_ascii=False), [body], made=name if makes or consumer else "")


def count_of(number: int, noun: str) -> str:
    """ "3 sailings", "1 sailing", "no sailings"."""
    words = noun.split()
    many = " ".join([*words[:-1], plural(words[-1])]) if words else "results"
    return f"{number} {noun}" if number == 1 else f"{number or 'no'} {many}"
