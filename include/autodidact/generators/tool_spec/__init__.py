"""How the tools of the system's MCP servers are used: the right call, several at once, a question back, no
call at all, reading a result.

Source: the JSON Schemas that the servers of `sources.mcp` list: an .mcp.json (stdio and streamable HTTP
servers), a schema file (MCP's
`inputSchema` or function calling's `parameters`), or a folder of such. Every call taught is valid by its
schema, formats included, and each of
its values is in the request. Kinds: one call, parallel calls, a required argument that is missing, a value or
an argument that the schema
does not have, a request that no tool fits, the answer after a tool's result, questions about a schema. Tools
that are new or changed come first.

    {"generator": "tool_spec", "category": "tool_use",
     "messages": [{"role": "user", "content": "Can you get me the morning's high water at a pier? Pier:
     skerry; date: 2026-05-04."},
                  {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function":
                      {"name": "tide_at", "arguments": {"pier": "skerry", "date": "2026-05-04"}}}]}],
     "tools": [...], "source": {"kind": "mcp", "ref": "wharfside/tide_at", "server": "wharfside", "name":
     "tide_at", "schema_sha256": "..."}}
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from autodidact.errors import Skipped
from autodidact.generators.tool_spec import comprehension
from autodidact.generators.tool_spec import questions as tool_questions
from autodidact.generators.tool_spec.results import with_result
from autodidact.generators.tool_spec.words import NO_NOUNS, Known, human, request, said, stems
from autodidact.generators.writing import in_context, probe_questions
from autodidact.generators.writing.probe_questions import Fact, Wordings
from autodidact.generators.writing.wording import to_examples
from autodidact.knowledge.facts import Compared
from autodidact.records import Example, Question, call, canonical, example
from autodidact.sources.budget import Allowance, within
from autodidact.sources.mcp.servers import tools
from autodidact.sources.snapshot import Snapshot

NAME = "tool_spec"
CATEGORY = "tool_use"

# Turns that each tool gets at most.
ROUNDS = 80
# Of these, turns that new and changed tools get before the others.
FIRST_ROUNDS = 20
# Offered together.
MOST_TOOLS = 6
SCHEMAS = {
    "laptop": 640,
    "production": 12_000,
}  # characters of the schemas offered together: a row of the recipe sprout has 320 tokens

WORDINGS = {
    "tool_for": Wordings(
        (
            "Which tool do I use to {}?",
            "I want to {}. Which tool is that?",
            "Name the tool to {}.",
            "What do I call to {}?",
        ),
        "By which tool can I {}?",
        "To {}, use `{}`.",
        0.4,
    ),
    "tool_with": Wordings(
        (
            "Which tool takes the argument `{}`?",
            "`{}` is an argument of which tool?",
            "To which tool do I pass `{}`?",
            "Name the tool that has the parameter `{}`.",
        ),
        "What tool has an argument named `{}`?",
        "The argument `{}` belongs to the tool `{}`.",
        0.4,
    ),
    "default_of": Wordings(
        (
            "What is the default of `{}`?",
            "Which value does `{}` have when I leave it out?",
            "I do not pass `{}`. What does the tool assume?",
            "`{}`: default?",
        ),
        "Which default does `{}` have?",
        "The default of `{}` is `{}`.",
        0.2,
    ),
}


def examples(facts: list[Known], snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the probe, then turns in rounds over the tools."""
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    opened = comprehension.questions(facts, snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from in_context.mixed(_turns(snapshot, facts), to_examples(NAME, CATEGORY, opened))


def _turns(snapshot: Snapshot, found: list[Known]) -> Iterator[Example]:
    """Turns in rounds over the tools, new and changed ones first."""
    compared = Compared(snapshot, "tools", {known.ref: [known.purpose, known.tool.schema] for known in found})
    budget = SCHEMAS[snapshot.settings.profile]
    usable = []
    for known in found:
        with within(snapshot.troubles, known.ref):
            usable += [known] if _usable(known, budget, snapshot) else []
    fresh = [known for known in usable if compared.fresh(known.ref)]
    turns = [(number, known) for number in range(FIRST_ROUNDS) for known in fresh]
    turns += [(number, known) for number in range(ROUNDS) for known in usable]
    asked: set[str] = set()
    allowances = {known.ref: Allowance() for known in usable}
    for number, known in turns:
        rng, made = snapshot.rng(NAME, known.ref, str(number)), None
        if allowances[known.ref].left > 0:
            with within(snapshot.troubles, known.ref, allowances[known.ref]):
                made = _KINDS[(number + usable.index(known)) % len(_KINDS)](known, usable, budget, rng)
        if made and (key := _prompt(made)) not in asked:
            asked.add(key)
            yield made


def read(snapshot: Snapshot) -> list[Known]:
    """The tools, by server and name. Skipped when no file is named, or no server lists a tool."""
    found = []
    for tool in tools(snapshot.settings.sources.mcp, snapshot.troubles, snapshot.cache):
        with within(snapshot.troubles, f"{tool.server}/{tool.name}"):
            found.append(Known(tool))
    if not found:
        raise Skipped("no server of sources.mcp lists a tool")
    return sorted(found, key=lambda known: (known.tool.server, known.name))


def questions(facts: list[Known], snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about the tools: which one does what, whose an argument is, what a
    default is.
    """
    names = Counter(known.name for known in facts)
    single = [known for known in facts if names[known.name] == 1]
    tasks = Counter(known.task for known in single)
    owners = Counter(key for known in facts for key in known.properties)
    found: list[Fact] = []

    def add(kind: str, subject: str, value: str, known: Known, others: Iterable[str]) -> None:
        confuse = list(islice((other for other in others if other != value), probe_questions.CONFUSED))
        found.append(Fact(kind, subject, value, [value], known.source, confuse=confuse))

    called = [known.name for known in single]
    for known in single:
        if known.task and tasks[known.task] == 1 and known.name not in known.task:
            add("tool_for", known.task, known.name, known, called)
        for key in known.properties:
            if owners[key] == 1 and key not in called:
                add("tool_with", key, known.name, known, called)
    defaults = [
        (known, key, said(value))
        for known in single
        for key, value in _defaults(known)
        if len(said(value)) <= 40
    ]
    values = sorted({value for _, _, value in defaults})
    for known, key, value in defaults:
        subject = f"{known.name}.{key}"
        add(
            "default_of",
            subject,
            value,
            known,
            (other for other in values if other not in subject and other not in value),
        )
    compared = Compared(snapshot, "facts", {f"{fact.kind}/{fact.subject}": fact.value for fact in found})
    found = [replace(fact, fresh=compared.news(f"{fact.kind}/{fact.subject}")) for fact in found]
    return probe_questions.questions(NAME, found, WORDINGS)


def _defaults(known: Known) -> list[tuple[str, object]]:
    return [
        (key, part["default"])
        for key, part in known.properties.items()
        if key in known.optional
        and isinstance(part.get("default"), (str, int, float))
        and part["default"] != ""
    ]


def _usable(known: Known, budget: int, snapshot: Snapshot) -> bool:
    if known.size > budget:
        snapshot.troubles.add("tool schema too large to show", known.ref)
    elif not known.valid():
        snapshot.troubles.add("tool schema that is not JSON Schema", known.ref)
    elif known.draw(snapshot.rng(NAME, known.ref)) is None:
        snapshot.troubles.add("tool schema without values that can be made up", known.ref)
    else:
        return True
    return False


def _prompt(row: Example) -> str:
    """What an example asks, in whatever order its tools are shown."""
    return canonical([row.messages[:-1], sorted(tool["function"]["name"] for tool in row.tools)])


def offer(known: list[Known], usable: list[Known], budget: int, rng: random.Random) -> list[Known]:
    """These tools and some others, in half of the cases those that are most like the first, shuffled, within
    the budget of characters.
    """
    offered, size = list(known), sum(one.size for one in known)
    taken = {one.name for one in known}
    others = rng.sample(usable, len(usable))
    if known and rng.random() < 0.5:
        others.sort(key=lambda other: -len(other.stems & known[0].stems))
    most = rng.randint(2, MOST_TOOLS)
    for other in others:
        if other.name not in taken and len(offered) < most and size + other.size <= budget:
            offered.append(other)
            taken.add(other.name)
            size += other.size
    rng.shuffle(offered)
    return offered


def row(known: Known, offered: list[Known], asked: str, answer, *, short: bool = False) -> Example:
    """An example about a tool, with these offered."""
    also = {"short": True} if short else {}
    return example(NAME, CATEGORY, asked, answer, known.source, tools=[one.shown for one in offered], **also)


def _ambiguous(known: Known, usable: list[Known]) -> bool:
    """Whether another tool says of itself much the same, so that only the name tells which is meant."""
    return any(
        other is not known and len(other.stems & known.stems) >= 0.7 * len(other.stems | known.stems)
        for other in usable
    )


def _call(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    given = known.draw(rng)
    if given is None:
        return None
    asked = request(known, given, rng, named=_ambiguous(known, usable))
    left = [key for key, _ in _defaults(known) if key not in given]
    if left and rng.random() < 0.25:
        key = rng.choice(left)
        asked += rng.choice(
            (
                f" Leave `{key}` at its default.",
                f" The default of `{key}` is fine.",
                f" No special {human(key)}.",
            )
        )
    return row(known, offer([known], usable, budget, rng), asked, call((known.name, given)))


def _parallel(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    """Two or three calls in one answer: of one tool, or of two."""
    others = [one for one in usable if one.name != known.name and one.size + known.size <= budget]
    second = rng.choice(others) if others and rng.random() < 0.5 else known
    made = [
        (one, one.draw(rng)) for one in rng.choice(([known, second], [known, second], [known, second, known]))
    ]
    keys = [canonical([one.name, given]) for one, given in made]
    if any(given is None for _, given in made) or len(set(keys)) < len(keys):
        return None
    parts = [request(one, given, rng, named=_ambiguous(one, usable)) for one, given in made]
    if rng.random() < 0.5 or any("\n" in part for part in parts):
        asked = rng.choice(("", "Do these together:\n", "Several things:\n")) + "\n".join(
            f"{n}. {part}" for n, part in enumerate(parts, 1)
        )
    else:
        asked = rng.choice((" Also: ", " And: ", " At the same time: ")).join(parts)
    offered = offer([known] if second is known else [known, second], usable, budget, rng)
    return row(known, offered, asked, call(*((one.name, given) for one, given in made)))


def _missing(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    """A required argument is not said: the answer asks for it and calls nothing."""
    given = known.draw(rng)
    if given is None or not known.required:
        return None
    name = rng.choice(known.required)
    given.pop(name, None)
    part = known.properties[name]
    choices = part.get("enum")
    about = " ".join(str(part.get("description") or "").split()).rstrip(".")
    hint = (
        f" It is one of {', '.join(map(said, choices))}."
        if isinstance(choices, list) and 0 < len(choices) <= 8
        else ""
    )
    hint = hint or (f" ({about}.)" if 0 < len(about) <= 90 and "?" not in about else "")
    what = human(name)
    answer = rng.choice(
        (
            f"Which {what}? `{known.name}` needs `{name}`.{hint}",
            f"What is the {what}? `{known.name}` requires `{name}`.{hint}",
            f"`{known.name}` also needs `{name}`: which {what}?{hint}",
        )
    )
    if what in NO_NOUNS:
        answer = f"What is to be passed as `{name}`? `{known.name}` requires `{name}`.{hint}"
    return row(
        known,
        offer([known], usable, budget, rng),
        request(known, given, rng, named=_ambiguous(known, usable)),
        answer,
    )


def _declined(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    """The tool that would fit is not offered, or there is none, and the others have no word in common with
    what is asked.
    """
    if rng.random() < 0.4:
        asked = rng.choice(_ELSEWHERE)
        wanted = stems(asked)
    else:
        given = known.draw(rng)
        if given is None:
            return None
        asked = request(known, given, rng)
        wanted = known.stems
        if known.name in asked:
            return None
    far = [one for one in usable if one is not known and not one.stems & wanted]
    offered = offer([], far, budget, rng)
    if not offered:
        return None
    names = ", ".join(f"`{one.name}`" for one in offered)
    answer = rng.choice(
        (
            f"None of my tools does that. I have {names}.",
            f"No tool fits: I have {names}.",
            f"I have no tool for that, only {names}.",
        )
    )
    return row(known, offered, asked, answer)


def _result(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    given = known.draw(rng)
    if given is None:
        return None
    history, answer = with_result(
        known, given, request(known, given, rng, named=_ambiguous(known, usable)), rng
    )
    shown = [one.shown for one in offer([known], usable, budget, rng)]
    return (
        example(NAME, CATEGORY, "", answer, known.source, history=history, tools=shown, short=True)
        if answer
        else None
    )


def _mistaken(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    """The request gives a value or an argument that the schema does not allow: the answer says so and calls
    nothing.
    """
    given = known.draw(rng)
    found = tool_questions.mistake(known, given, usable, rng) if given is not None else None
    if found is None:
        return None
    wrong, answer = found
    return row(
        known,
        offer([known], usable, budget, rng),
        request(known, wrong, rng, named=_ambiguous(known, usable)),
        answer,
    )


def _described(known: Known, usable: list[Known], budget: int, rng: random.Random) -> Example | None:
    facts = tool_questions.facts(known, usable, rng)
    if not facts:
        return None
    asked, answer = rng.choice(facts)
    return row(known, offer([known], usable, budget, rng), asked, answer, short=True)


# In twenty turns: nine calls, three of several at once, three results, two questions about the schema, and
# three times no call.
_KINDS: tuple[Callable, ...] = (
    _call,
    _missing,
    _call,
    _result,
    _parallel,
    _call,
    _declined,
    _call,
    _described,
    _call,
    _mistaken,
    _call,
    _parallel,
    _call,
    _result,
    _call,
    _described,
    _parallel,
    _call,
    _result,
)

_ELSEWHERE = (
    "Translate this paragraph into Portuguese.",
    "Order twelve chairs for the workshop.",
    "Compress the photos of the party.",
    "Transcribe yesterday's podcast.",
    "Brew a pot of coffee at ten.",
    "Solve this integral: x squared from 0 to 3.",
    "Sharpen the logo to 4K.",
    "Water the plants on the third floor.",
    "Compose a jingle for the advert.",
    "Predict tomorrow's lottery numbers.",
    "Bisect the regression between v1 and v2.",
    "Squash my last three commits.",
    "Profile the hot loop of the parser.",
    "Rotate the TLS certificate of the mail host.",
    "Lint the stylesheets.",
    "Benchmark the hash table against yesterday's nightly.",
    "Draw the dependency graph as SVG.",
    "Vacuum the Postgres database.",
    "Train a classifier on these spam samples.",
    "Fax the contract to our lawyer.",
)
