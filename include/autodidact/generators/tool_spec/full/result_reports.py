"""What an assistant says of a result: what it means for the one who asked, not its fields one by one."""

import re
from collections import Counter
from random import Random

from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.full.conditions import GRANTS, is_condition
from autodidact.generators.tool_spec.full.field_phrases import item_said, labelled, name_of, said
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.full.tool_chains import Link
from autodidact.generators.tool_spec.full.tool_results import Result, count_of, done
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import human, in_code
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.word_tables import read_table

# Items that are named in one sentence.
IN_LINE = 3
# Characters of what a description adds to what its tool does.
MOST_ADDED = 110

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
STATES = read_table(__file__)["states"]
# What a description says to whoever chooses among tools.
_FOR_CALLERS = re.compile(
    r"(?:not for|(?:do not|don't) use|use (?:this|it|when)|read[- ]only)\b", re.IGNORECASE
)
# What a description says of how the tool is called.
_OF_ARGUMENTS = re.compile(r"\barguments?\b|\bparameters?\b|\binput\b|\(str|\(int|:$", re.IGNORECASE)
_PAGES = re.compile("page|limit|cursor|offset", re.IGNORECASE)


def of_list(result: Result, wish: Wish, link: Link | None, rng: Random) -> tuple[str, str]:
    """(a question besides the request, "" for none; the answer) of a list."""
    if not result.items:
        return "", _of_nothing(wish, result.noun, rng)
    after = _onward(link, len(result.items), rng)
    shapes = [_plainly(result, after, rng), _among(result, rng)]
    if found := _by_state(result, wish):
        shapes.append((found[0], found[1] + after))
    if found := _extreme(result, rng):
        shapes += [(found[0], found[1] + after)] * 2
    return rng.choice(shapes)


def _things(result: Result) -> str:
    return count_of(len(result.items), result.noun).partition(" ")[2]


def _of_nothing(wish: Wish, noun: str, rng: Random) -> str:
    things = count_of(0, noun).partition(" ")[2]
    narrowing = [key for key in wish.given if key in wish.known.optional]
    if narrowing and rng.random() < 0.6:
        key = rng.choice(narrowing)
        return say("list", "empty_narrowed", rng, things=things, key=key, value=in_code(wish.given[key]))
    return say("list", "empty", rng, tool=f"`{wish.known.name}`", things=things)


def _onward(link: Link | None, count: int, rng: Random) -> str:
    """What can be done with the things, by a tool that takes one."""
    if link is None or rng.random() < 0.4:
        return ""
    return say("list", "onward", rng, which="it" if count == 1 else "one of them", name=link[0].name)


def in_short(result: Result) -> str:
    """A list that is not empty in one sentence: "3 sailings: `W1` (2 seats left), ..."."""
    items = [item_said(item, result.ref) for item in result.items]
    number = _NUMBERS[len(items)] if len(items) < len(_NUMBERS) else str(len(items))
    return f"{number} {_things(result)}: {listing(items)}."


def _plainly(result: Result, after: str, rng: Random) -> tuple[str, str]:
    things, items = _things(result), [item_said(item, result.ref) for item in result.items]
    number = _NUMBERS[len(items)]
    if len(items) == 1:
        return "", say("list", "one", rng, item=items[0], noun=result.noun) + after
    if len(items) > IN_LINE or rng.random() < 0.3:
        head = say("list", "head", rng, number=number, count=len(items), things=things)
        lines = "\n".join(f"- {one}" for one in items)
        return "", f"{head}\n{lines}" + (f"\n\n{after.strip()}" if after else "")
    return "", f"{number} {things}: {listing(items)}.{after}"


def _by_state(result: Result, wish: Wish) -> tuple[str, str] | None:
    """How many there are in each state; None where one state alone was wanted."""
    keys = ("state", "status", "severity")
    key = next((key for key in keys if key in result.items[0] and key not in wish.given), None)
    if key is None or len(result.items) < 2:
        return None
    counts = Counter(str(item[key]) for item in result.items)
    names = {
        value: listing(f"`{item[result.ref]}`" for item in result.items if item[key] == value)
        for value in counts
    }
    first = next(iter(counts))
    if len(counts) == 1:
        every = (
            "Both of them" if len(result.items) == 2 else f"All {_NUMBERS[len(result.items)].lower()} of them"
        )
        return f"How many are {first}?", f"{every}, {names[first]}, are {first}."
    parts = [
        f"{_NUMBERS[count].lower()} {'is' if count == 1 else 'are'} {value} ({names[value]})"
        for value, count in counts.items()
    ]
    return f"How many of them are {first}?", f"{capital(listing(parts))}, {len(result.items)} in all."


def _extreme(result: Result, rng: Random) -> tuple[str, str] | None:
    """Which one has most or least of something, or is the latest; None where two share the place."""
    numeric = [
        key
        for key in result.items[0]
        if key != result.ref and all(isinstance(item[key], (int, float)) for item in result.items)
    ]
    days = [key for key in ("updated", "date") if key in result.items[0]]
    if len(result.items) < 2 or not (numeric or days):
        return None
    key = rng.choice(numeric or days)
    most = key in days or key.endswith("_left") or key == "issues"
    ordered = sorted(result.items, key=lambda item: item[key], reverse=most)
    best, second = ordered[0], ordered[1]
    if best[key] == second[key]:
        return None
    words = {
        "best": item_said(best, result.ref),
        "name": best[result.ref],
        "second": second[result.ref],
        "count": len(ordered),
        "things": _things(result),
        "how": said(key, second[key] if key in days else best[key]),
        "then": said(key, second[key]),
    }
    listed = listing(item_said(item, result.ref) for item in result.items)
    whole = f" The whole list: {listed}." if len(ordered) > 2 else ""
    if key in days:
        asks = (
            "Which one is the newest?",
            "I need to know the latest above all.",
            "Which is the most recent?",
        )
        return rng.choice(asks), say("list", "newest", rng, **words) + whole
    if most:
        ask = rng.choice(
            (f"Which one has the most {human(key)}?", f"Which is the one with most {human(key)}?")
        )
        return ask, say("list", "most", rng, **words) + whole
    ask = f"Which one is lowest by {name_of(key)}?"
    return ask, say("list", "lowest", rng, **words) + whole


def _among(result: Result, rng: Random) -> tuple[str, str]:
    """Whether a certain one is in the list."""
    item = rng.choice(result.items)
    others = [f"`{one[result.ref]}`" for one in result.items if one is not item]
    rest = f" Besides it there {'is' if len(others) == 1 else 'are'} {listing(others)}." if others else ""
    details = ", ".join(said(key, value) for key, value in item.items() if key != result.ref)
    name = item[result.ref]
    return f"Is {name} among them?", say("list", "among", rng, name=name, details=details, rest=rest)


def of_record(result: Result, wish: Wish, rng: Random) -> tuple[str, str] | None:
    """(a question besides the request, "" for none; the answer) of one thing; None where it says nothing
    new.
    """
    known = list(wish.given.values())
    item = {
        key: value
        for key, value in result.items[0].items()
        if value != "" and key not in wish.given and value not in known
    }
    if not item:
        return None
    subject = wish.thing or re.sub(
        r"^(?:look up|\w+) (?:(?:details|information|metadata) (?:of|about|on|for) )?", "", wish.do
    )
    subject = re.sub(r" with (?:its|their|all) .*$", "", subject)
    tool = f"`{wish.known.name}`"
    if len(item) > 1 and rng.random() < 0.4:
        key = rng.choice(sorted(item))
        rest = [labelled(one, value) for one, value in item.items() if one != key]
        name, shown = name_of(key), labelled(key, item[key]).removeprefix(f"{human(key)} ")
        asks = (f"I need the {name} above all.", f"What matters is the {name}.", f"What's the {name}?")
        also = f" It also says: {listing(rest)}." if rest else ""
        words = {"name": name, "shown": shown, "subject": subject, "tool": tool, "also": also}
        return rng.choice(asks), say("record", "field", rng, **words)
    fields = [labelled(key, value) for key, value in item.items()]
    words = {"subject": subject, "tool": tool, "words": ", ".join(fields), "listed": listing(fields)}
    return "", say("record", "whole", rng, **words)


def of_action(result: Result, wish: Wish, link: Link | None, rng: Random) -> str:
    """What was done, by what name it goes from now on, and what may follow; "" where grammar is open."""
    did = done(wish)
    if not did:
        return ""
    did += f" ({', '.join(wish.rest)})" if wish.rest else ""
    text = say("done", "did", rng, did=did)
    if result.made:
        name = f"`{result.items[0][result.made]}`"
        text += say("done", "name", rng, name=name, word=human(result.made))
    text += _added(wish.known) or _assumed(wish, rng)
    if link and result.made and link[0].phrase.task:
        text += f" To {link[0].phrase.task}, `{link[0].name}` takes {name}."
    return text


def _added(known: KnownTool) -> str:
    """What the description adds to what the tool does, in its words: "takes up to 90 s"; "" for nothing.
    A condition is not said after a call: what was called came under none.
    """
    first, *others = sentences(known.purpose)
    inside = re.findall(r"\(([^()]{8,})\)", first)
    fit = (one.strip() for one in [*inside, *others] if len(one) <= MOST_ADDED and '"' not in one)
    fit = (one for one in fit if not _OF_ARGUMENTS.search(one))
    more = next((one for one in fit if not _FOR_CALLERS.match(one) and not is_condition(one)), "")
    return f' Its description adds: "{more.rstrip(".")}".' if more else ""


def _assumed(wish: Wish, rng: Random) -> str:
    """What was left at its default, where one may want something else."""
    known = wish.known
    left = [
        (key, in_code(part["default"]))
        for key, part in known.properties.items()
        if key in known.optional
        and key not in wish.given
        and isinstance(part.get("default"), (str, int, float))
        and part["default"] != ""
        and not _PAGES.search(key)
        and not GRANTS.search(key)
    ]
    if not left or rng.random() < 0.35:
        return ""
    key, value = rng.choice(left)
    kind = "assumed_flag" if value in ("true", "false") else "assumed"
    return say("done", kind, rng, word=human(key), key=key, value=value)


def of_waiting(wish: Wish, rng: Random) -> tuple[str, str]:
    """(a result that is not there yet, what to say of it)."""
    number, kind = rng.randint(2, 9), rng.choice(("queued", "accepted", "running"))
    more = {"queued": f', "position": {number}', "accepted": f', "eta_minutes": {number}'}.get(kind, "")
    content = f'{{"status": "{kind}"{more}}}'
    return content, say("done", kind, rng, number=number, what=wish.do, tool=f"`{wish.known.name}`")


def of_whether(wish: Wish, rng: Random) -> tuple[str, str]:
    """(what comes back about something that is up or not, the answer)."""
    match = re.fullmatch(r"find out whether (.+?) (is|are|has|have|can|will|was|were) (.+)", wish.do)
    subject, verb, rest = match.groups() if match else ("it", "is", "so")
    kind = rng.choice(sorted(STATES))
    state, tool = rng.choice(STATES[kind]), f"`{wish.known.name}`"
    shown = next((str(value) for value in wish.given.values() if isinstance(value, str)), "")
    words = {"subject": subject, "verb": verb, "rest": rest, "tool": tool, "state": state}
    return f"{shown}: {state}" if shown else state, say("whether", kind, rng, **words)
