"""How the tools of the system's MCP servers are used: the right call, several at once, a question back, no
call at all, reading a result.

Source: the JSON Schemas that the servers of `sources.mcp` list: an .mcp.json, a schema file (MCP's
`inputSchema` or function calling's `parameters`), or a folder of such. Configurations are read as Claude,
Cursor, Windsurf, VS Code, Zed and opencode read them: comments, `${VAR:-default}`, `${env:VAR}`, `envFile`,
`cwd`, servers switched off, and the transports stdio, streamable HTTP and SSE. A server of which a variable
or an input has no value is left out and counted. Conditions of a schema (`if`, `dependentRequired`, `anyOf`)
are given with the argument that they require ("needed when `method` is `card`"); where a part of a schema is
not understood, nothing is denied of it and no list is called complete. What a tool is for is said in the base
form of its description ("Lists files" is "list files"), or the description is quoted. Every
call taught is valid by its schema, formats included, and each of its values is in the request. Kinds: one
call, parallel calls, a required argument that is missing, a value or an argument that the schema does not
have, a request that no tool fits, the answer after a tool's result, questions about a schema. Tools that
are new or changed come first.

In the register `full` the rows are whole exchanges with several tools in context: requests
for a tool by its name and their calls, questions back, no tool that fits, tools explained, wrong calls
mended. No sentence is made out of a description: answers quote it. Values are only such as a schema or its
examples give, days, likely amounts, codes of mostly digits; no text is made up, and no result,
nor an error, since a schema does not say what comes back.

    {"generator": "tool_spec", "category": "tool_use",
     "messages": [{"role": "user", "content": "Can you get me the morning's high water at a pier? Pier:
     skerry; date: 2026-05-04."},
                  {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function":
                      {"name": "tide_at", "arguments": {"pier": "skerry", "date": "2026-05-04"}}}]}],
     "tools": [...], "source": {"kind": "mcp", "ref": "wharfside/tide_at", "server": "wharfside", "name":
     "tide_at", "schema_sha256": "..."}}
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from autodidact.errors import Skipped
from autodidact.generators.tool_spec import open_book_tools
from autodidact.generators.tool_spec.drill_exchanges import CATEGORY, KINDS, NAME, defaults
from autodidact.generators.tool_spec.full import exchanges
from autodidact.generators.tool_spec.full.no_call_exchanges import quoted, stopped
from autodidact.generators.tool_spec.full.schema_remarks import (
    mistaken,
    of_schema,
    said_of_default,
    with_description,
)
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing import open_book, probe_questions
from autodidact.generators.writing.facts_into_words import to_examples
from autodidact.generators.writing.probe_questions import ProbeFact, names_another, read_wordings
from autodidact.knowledge.fact import Fact, Question
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example, canonical, example, sha256
from autodidact.shipped_tables import read_table
from autodidact.sources.mcp.list_tools import tools
from autodidact.sources.reading_limits import Allowance, within
from autodidact.sources.snapshot import Snapshot

# Turns that each tool gets at most.
ROUNDS = 80
# Of these, turns that new and changed tools get before the others.
FIRST_ROUNDS = 20
# Characters of the schemas offered together, by profile: a row of the recipe sprout has 320 tokens.
SCHEMAS = {"laptop": 640, "production": 12_000}
# The same in the register `full`: a row of the recipe small has 1,024 tokens.
FULL_SCHEMAS = {"laptop": 1_600, "production": 12_000}
# Rows of the register `full` that ask what a tool is for: they have the same answer.
MOST_ASKED_FOR = 2
# Of a tool that is shown alone: one of 828 and a call of it are 271 tokens of sprout.
ALONE = 900

# Of the tool itself: at the beginning of a sentence, or as what "this tool" is.
_DEPRECATED = re.compile(
    r"(?:\A|\n)\W*deprecated\b|\b(?:this|the) (?:tool|function) (?:is|has been) (?:now )?deprecated\b",
    re.IGNORECASE,
)

WORDINGS = read_wordings(read_table(__file__)["probe"])


def examples(facts: list[KnownTool], snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the probe, then turns in rounds over the tools."""
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    opened = open_book_tools.questions(facts, snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from open_book.mixed(_turns(snapshot, facts), to_examples(NAME, CATEGORY, opened))


def _turns(snapshot: Snapshot, found: list[KnownTool]) -> Iterator[Example]:
    """Turns in rounds over the tools, new and changed ones first."""
    compared = Compared(snapshot, "tools", {known.ref: [known.purpose, known.tool.schema] for known in found})
    budget = SCHEMAS[snapshot.settings.profile]
    usable = _all_usable(found, budget, snapshot)
    fresh = [known for known in usable if compared.fresh(known.ref)]
    turns = [(number, known) for number in range(FIRST_ROUNDS) for known in fresh]
    turns += [(number, known) for number in range(ROUNDS) for known in usable]
    prompts: set[str] = set()
    allowances = {known.ref: Allowance() for known in usable}
    for number, known in turns:
        rng, made = snapshot.rng(NAME, known.ref, str(number)), None
        if allowances[known.ref].left > 0:
            with within(snapshot.troubles, known.ref, allowances[known.ref]):
                made = KINDS[(number + usable.index(known)) % len(KINDS)](known, usable, budget, rng)
        if made and (key := _prompt(made)) not in prompts:
            prompts.add(key)
            yield made


def full_examples(facts: list[KnownTool], snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The full wordings of the probe, with what the schema says besides, then whole exchanges."""
    tools_by_name, questions_by_id = {known.name: known for known in facts}, {one.id: one for one in asked}
    wrong = {one.id: mistaken(one, facts) for one in asked}
    # Nobody recites a description to ask whose it is: asked is what the tool is for, and that is quoted.
    tasks = {one.subject: _said(tools_by_name[one.accept[0]], one) for one in asked if one.kind == "tool_for"}
    clear = [one for one in asked if one.kind != "tool_for" or tasks[one.subject]]
    also = {one.id: said_of_default(one, tools_by_name) for one in clear}
    by_schema = [one for one in clear if not also[one.id]]
    made: Counter[str] = Counter()
    for row in probe_questions.full_examples(by_schema, WORDINGS, CATEGORY, tasks, wrong):
        one = questions_by_id[str((row.model_extra or {})["probe"])]
        made[one.id] += 1
        if one.kind == "tool_for" and made[one.id] > MOST_ASKED_FOR:
            continue
        # What names another tool is left out; what a call needs is said all the same.
        every = of_schema(one, tools_by_name)
        more = [text for text in every if not names_another(_without_bounds(text, one), one)]
        # The argument's name alone says the question again, and its schema is said whole.
        if more == every != [] or one.kind != "tool_with":
            yield probe_questions.lengthened(row, " ".join(more)) if more else row
    for one in (one for one in clear if also[one.id]):
        known = tools_by_name[one.subject.partition(".")[0]]
        ask, says = (
            WORDINGS[one.kind].trained[0].format(one.subject),
            with_description(one, known, also[one.id]),
        )
        yield example(NAME, CATEGORY, ask, says, known.source, probe=one.id, states=one.accept[0])
    budget = FULL_SCHEMAS[snapshot.settings.profile]
    yield from exchanges(snapshot, _all_usable(facts, budget, snapshot), budget)


def _without_bounds(text: str, question: Question) -> str:
    """What is said besides of a default, without numbers: bounds of a value are not taken for its default."""
    return re.sub(r"(?<![\w-])\d[\d.]*(?![\w-])", "", text) if question.kind == "default_of" else text


def _said(known: KnownTool, question: Question) -> str:
    """The description of a tool in quotation marks; "" where it names another tool."""
    says = stopped(quoted(known))
    return "" if names_another(says, question) else says


def read(snapshot: Snapshot) -> list[KnownTool]:
    """The tools, by server and name. Skipped when no file is named, or no server lists a tool."""
    found = []
    for tool in tools(snapshot.settings.sources.mcp, snapshot.troubles, snapshot.cache):
        with within(snapshot.troubles, f"{tool.server}/{tool.name}"):
            found.append(known := KnownTool(tool))
            for key in known.refused_defaults:
                snapshot.troubles.add("a default that its own schema refuses", f"{known.ref}.{key}")
    if not found:
        raise Skipped("no server of sources.mcp lists a tool")
    return sorted(found, key=lambda known: (known.tool.server, known.name))


def questions(facts: list[KnownTool], snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about the tools: which one does what, whose an argument is, what a
    default is.
    """
    return probe_questions.questions(NAME, probe_facts(facts, snapshot), WORDINGS)


def probe_facts(facts: list[KnownTool], snapshot: Snapshot) -> list[ProbeFact]:
    """Every fact of the tools that has one right answer."""
    names = Counter(known.name for known in facts)
    single = [known for known in facts if names[known.name] == 1]
    tasks = Counter(known.task for known in single)
    # A tool that takes any argument may take one that only another names.
    takes_any = [known for known in facts if known.takes_any]
    owners = Counter(key for known in facts for key in _names_at_any_depth(known.tool.schema))
    found: list[ProbeFact] = []

    def add(kind: str, subject: str, value: str, known: KnownTool, others: Iterable[str]) -> None:
        confuse = list(islice((other for other in others if other != value), probe_questions.CONFUSED))
        other = _another(subject, confuse) if kind == "tool_with" else None
        use = probe_questions.one_of_two(value, other) if other else None
        found.append(ProbeFact(kind, subject, value, [value], known.source, confuse=confuse, use=use))

    names_of_tools = [known.name for known in single]
    for known in single:
        if known.task and tasks[known.task] == 1 and known.name not in known.task:
            add("tool_for", known.task, known.name, known, names_of_tools)
        for key in known.properties:
            alone = owners[key] == 1 and not any(other is not known for other in takes_any)
            if alone and key not in names_of_tools:
                add("tool_with", key, known.name, known, names_of_tools)
    assumed = [
        (known, key, in_code(value))
        for known in single
        for key, value in defaults(known)
        if len(in_code(value)) <= 40
    ]
    values = sorted({value for _, _, value in assumed})
    for known, key, value in assumed:
        subject = f"{known.name}.{key}"
        add(
            "default_of",
            subject,
            value,
            known,
            (other for other in values if other not in subject and other not in value),
        )
    compared = Compared(snapshot, "facts", {f"{fact.kind}/{fact.subject}": fact.value for fact in found})
    return [replace(fact, fresh=compared.news(f"{fact.kind}/{fact.subject}")) for fact in found]


def _names_at_any_depth(schema: dict) -> set[str]:
    """Every name that a schema gives an argument, or a field of one."""
    names, waiting = set(), [schema]
    while waiting:
        part = waiting.pop()
        fields = part.get("properties") if isinstance(part, dict) else None
        names |= set(fields) if isinstance(fields, dict) else set()
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return names


def _another(subject: str, others: list[str]) -> str | None:
    """One of the others, the same one in every cycle while they stay; None without any."""
    return min(others, key=lambda other: sha256(f"{subject}/{other}"), default=None)


def gone(facts: list[KnownTool], snapshot: Snapshot) -> Callable[[Fact], bool]:
    """Tells of a fact of an earlier cycle whether its tool, or its tool's argument, is no longer there, and
    every server could be asked.
    """
    whole = not snapshot.troubles.list()
    tools_now = {known.name for known in facts}
    arguments = {key for known in facts for key in known.properties}
    of_tools = {f"{known.name}.{key}" for known in facts for key in known.properties}

    def is_gone(fact: Fact) -> bool:
        if fact.kind == "tool_for":
            # A task in other words is the same task.
            return fact.value not in tools_now
        return fact.subject not in (arguments if fact.kind == "tool_with" else of_tools)

    return lambda fact: whole and is_gone(fact)


def _all_usable(found: list[KnownTool], budget: int, snapshot: Snapshot) -> list[KnownTool]:
    """Those of the tools that examples can be made of; the others are counted."""
    usable = []
    for known in found:
        with within(snapshot.troubles, known.ref):
            usable += [known] if _usable(known, budget, snapshot) else []
    return usable


def _usable(known: KnownTool, budget: int, snapshot: Snapshot) -> bool:
    if known.size > max(budget, ALONE):
        snapshot.troubles.add("tool schema too large for an example", known.ref)
    elif _DEPRECATED.search(known.tool.description):
        snapshot.troubles.add("a tool that is deprecated", known.ref)
    elif known.other_forms:
        snapshot.troubles.add("a description that gives a day another form than its schema", known.ref)
    elif not known.valid():
        snapshot.troubles.add("tool schema that is not JSON Schema", known.ref)
    elif known.draw(snapshot.rng(NAME, known.ref), by_words=False) is None:
        snapshot.troubles.add("tool schema without values that can be made up", known.ref)
    else:
        return True
    return False


def _prompt(row: Example) -> str:
    """What an example asks, in whatever order its tools are shown."""
    return canonical([row.messages[:-1], sorted(tool["function"]["name"] for tool in row.tools)])
