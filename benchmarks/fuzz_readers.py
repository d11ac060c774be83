"""Every reader on inputs that nobody sends in good faith: its time, its memory, and what stands beside the
input.

    python -m benchmarks.fuzz_readers [--minutes 60] [--seed 1] [--only FORMAT]

Each round changes one of the package's samples at random (repeats, nests, cuts, swaps, puts in huge numbers
and odd characters), gives it to the generator that reads it, beside an honest one where it takes several, and
looks at three things: no exception, also none that is counted; at most SECONDS of processor time and
MEGABYTES of memory; and every example of the honest input still there. What breaks a rule is printed with the
seed of its round, and kept.
"""

import argparse
import faulthandler
import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from autodidact.errors import Skipped
from autodidact.generators.run_generator import generate
from autodidact.settings import SAMPLES, load_settings
from autodidact.sources.code.definitions import analyse
from autodidact.sources.reading_limits import FAULT
from autodidact.sources.snapshot import Snapshot
from autodidact.store import Cache, Store
from benchmarks.fuzz_talks import TALKS

# Of processor time for one round: a reader has twenty for a document, and its facts as many.
SECONDS = 60.0
# Beyond what the process has: a reader has a gigabyte.
MEGABYTES = 1_500
# Bytes of a changed input.
LARGEST = 400_000
# Seconds after which a round ends the process with its traceback.
HUNG = 300

_NOTHING = {
    "sources.repository": None,
    "sources.sessions": [],
    "sources.mcp": None,
    "sources.knowledge_graph": None,
    "sources.goals": None,
    "sources.interrupts": None,
    "sources.documents": [],
    "sources.affect": None,
    "sources.wikipedia.api": None,
    "sources.wikipedia.titles": [],
    "sources.wikipedia.dump": None,
    "generators.limit": 400,
}
_UNTIL = datetime(2027, 1, 1, tzinfo=timezone.utc)

HONEST = (
    "# Sails\n\nThe sails are made of canvas, and are mended in the winter.\n\n| Part | Port |\n|---|---|\n|"
    " jib | 7001 |\n| mizzen | 7002 |\n"
)
MERMAID = (
    "flowchart TD\nsubgraph one\nA[Web] --> B(Shop) & C{{Queue}}\nend\nB -- asks --> D\nC -.->|later| D\nD"
    " ==> E\n"
)
SEQUENCE = "sequenceDiagram\nparticipant A as Ann\nA->>B: hello: you\nB-->>-A: yes\nA->>C: go\n"
DOT = 'digraph g { subgraph cluster_a { label="layer"; a; b } a -> {b c} -> d [label="x"]; c -> "e f" }'
RST = (
    "One\n===\n\nA :ref:`label <x>` and ``code``.\n\n.. list-table::\n   :header-rows: 1\n\n   * - a\n     -"
    " b\n   * - c\n     - d\n\n===  ===\na    b\n===  ===\n1    2\n===  ===\n"
)
MDX = (
    "---\ntitle: T\n---\nimport X from 'y'\n\nOne\n===\n\nIt is {v} long ![p](q). <X a='b'>It is told.</X>\n"
    "\n<table><tr><td>1</td></tr></table>\n\n| a | b |\n|-|-|\n| ~~1~~ | $x$ |\n\n- item\n  more\n"
)
ASCIIDOC = (
    "= One\n:v: 2\n\nIt is {v} long, see <<a,b>> and link:c[d].\n\n[%header]\n|===\n|a |b\n|1 |2\n|===\n\n"
    "[source,mermaid]\n----\nflowchart LR\na --> b\n----\n"
)
COMPOSE = (
    "include: [away.yaml]\nx: &x {image: 'a:${T:-1}'}\nservices:\n  web: {<<: *x, extends: db,"
    " ports: ['${P:-80}:80', 90-92:90-92], depends_on: {db: {required: false}}}\n"
    "  db: {image: b, ports: !reset [], profiles: [p]}\n"
)
STATES = (
    "stateDiagram-v2\n[*] --> A\nA --> B : go\nstate B {\nc --> d\n}\nstate E <<choice>>\nB --> E\n"
    "E --> [*]\n"
)
CLASSES = 'classDiagram\nA <|-- B\nB "1" *-- "many" C : has\nclass C {\n+x()\n}\nC ..> D\n'
ENTITIES = "erDiagram\nA ||--o{ B : has\nB }|..|| C : is\nA {\nint x\n}\n"
TURTLE = (
    '@prefix a: <http://x.example/> .\na:b a:needs a:c, a:d ; a:name "B"@en .\na:c a:needs [ a:of ( a:e "f" )'
    " ] .\na:d a:needs a:c .\n"
)
JSONLD = (
    '{"@context": {"v": "http://x.example/", "n": "v:n"}, "@graph": [{"@id": "v:a", "n": {"@id": "v:b"},'
    ' "v:l": {"@list": [1, "x"]}}]}'
)
GRAPHML = (
    '<graphml><key id="k" for="node" attr.name="owner"><default>x</default></key><graph'
    ' edgedefault="directed"><node id="a"><data key="k">y</data></node><node id="b"/><edge source="a"'
    ' target="b"/></graph></graphml>'
)
NEO4J = (
    "id:ID,name,port:int,:LABEL,:START_ID,:END_ID,:TYPE\n1,web,80,Service;Core,,,\n2,shop,81,Service,,,\n"
    ",,,,1,2,CALLS\n,,,,2,1,ANSWERS\n"
)
NODES = json.dumps(
    {
        "directed": False,
        "nodes": [{"id": n, "name": f"part {n}", "type": "box"} for n in range(4)],
        "links": [{"source": n, "target": n + 1, "type": "holds"} for n in range(3)],
    }
)
MEMORY = "\n".join(
    [
        *(
            json.dumps({"type": "entity", "name": n, "entityType": "ship", "observations": ["sails"]})
            for n in ("kit", "ful")
        ),
        json.dumps({"type": "relation", "from": "kit", "to": "ful", "relationType": "follows"}),
    ]
)
OPENAPI = json.dumps(
    {
        "openapi": "3.0.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/a/{b}": {
                "get": {
                    "operationId": "x",
                    "parameters": [
                        {
                            "name": "b",
                            "in": "path",
                            "schema": {"type": "string", "enum": ["q"], "default": "q"},
                        }
                    ],
                    "responses": {
                        "200": {
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"S": {"properties": {"a": {"type": "integer"}}, "required": ["a"]}}},
    },
    indent=1,
)
SCHEMA = {
    "type": "object",
    "required": ["day"],
    "$defs": {"G": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9}}}},
    "properties": {
        "day": {"type": "string", "format": "date"},
        "id": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$", "minLength": 3},
        "who": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"$ref": "#/$defs/G"}},
        "kind": {"enum": ["a", "b"], "default": "a"},
        "x": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]},
        "m": {"additionalProperties": {"type": "number", "multipleOf": 0.5}},
    },
}
LOCK = {
    "name": "lock_door",
    "description": "Lock the cellar.",
    "inputSchema": {"type": "object", "properties": {"floor": {"type": "integer"}}},
}
# Of trackers: goals in their exports.
GOALS = {
    "github.json": json.dumps(
        [
            {
                "number": n,
                "title": f"Mend the {what}",
                "state": "OPEN" if n % 2 else "CLOSED",
                "stateReason": "" if n % 2 else "NOT_PLANNED",
                "labels": [{"name": f"P{n}"}],
                "assignees": [{"login": "ada"}],
                "milestone": {"title": "June", "dueOn": "2027-06-10T07:00:00Z"},
                "body": f"- [x] look\n- [ ] mend it\nBlocked by #{n + 1}",
            }
            for n, what in enumerate(("pump", "lamp", "rail"), 1)
        ]
    ),
    "jira.csv": (
        "Summary,Issue key,Status,Priority,Assignee,Due date,Resolution,Outward issue link (Blocks),"
        "Inward issue link (Blocks)\nMend the pump,A-1,In Progress,High,ada,10/Jun/27 12:00 AM,,A-2,\n"
        "Mend the lamp,A-2,Done,Low,,,Won't Do,,A-1\n"
    ),
    "taskwarrior.json": json.dumps(
        [
            {
                "uuid": f"0c5cf3a8-0b5e-4a38-8d5c-2d8a5e1f6a0{n}",
                "description": f"Mend {n}",
                "status": "pending",
                "due": "20270610T220000Z",
                "depends": [f"0c5cf3a8-0b5e-4a38-8d5c-2d8a5e1f6a0{n + 1}"],
                "priority": "H",
            }
            for n in range(4)
        ]
    ),
    "okr.yaml": (
        "objectives:\n- objective: More guests\n  key_results:\n  - {kr: Ten guests, progress: 0.4}\n"
        "  - No fall\n  owner: deck\n"
    ),
}


def tools(text: str) -> str:
    """A schema file: an honest tool, and one whose text was changed; text that is no JSON stands alone."""
    try:
        return json.dumps([LOCK, json.loads(text)])
    except (ValueError, RecursionError):
        return text


@dataclass
class Format:
    """What is changed, which generator reads it and how it is named there. `honest`: what must be left (a
    part of `source.ref`).
    """

    sample: str
    generator: str
    setting: str
    name: str
    beside: dict[str, str] = field(default_factory=dict)  # other files of the same folder
    honest: str = ""
    wrap: Callable[[str], str] = str


def formats() -> dict[str, Format]:
    """Every format by name."""
    read = lambda name: (SAMPLES / name).read_text(encoding="utf-8")  # noqa: E731
    found = {}
    documents = {
        "a.md": read("documents/architecture.md"),
        "b.md": f"# D\n\n```mermaid\n{MERMAID}```\n",
        "a.rst": RST,
        "a.mdx": MDX,
        "a.adoc": ASCIIDOC,
        "a.mmd": MERMAID,
        "b.mmd": SEQUENCE,
        "c.mmd": STATES,
        "d.mmd": CLASSES,
        "e.mmd": ENTITIES,
        "a.dot": DOT,
        "docker-compose.yaml": read("documents/docker-compose.yaml"),
        "compose.yaml": COMPOSE,
        "kubernetes.yaml": read("documents/kubernetes.yaml"),
        "api.yaml": read("documents/booking-api.yaml"),
        "api.json": OPENAPI,
    }
    for name, text in documents.items():
        found[name] = Format(text, "architecture_docs", "documents", name, {"sails.md": HONEST}, "sails.md")
    talk = {"honest.jsonl": read("sessions/helpdesk.openai.jsonl")}
    for path in sorted(
        set((SAMPLES / "sessions").glob("*.jsonl")) - {SAMPLES / "sessions/helpdesk.openai.jsonl"}
    ):
        found[path.name] = Format(
            path.read_text(encoding="utf-8"), "session_miner", "sessions", "x.jsonl", talk, "honest.jsonl"
        )
    found["list.json"] = Format(
        json.dumps([{"messages": [{"role": "user", "content": "hi"}]}]),
        "session_miner",
        "sessions",
        "x.json",
        talk,
        "honest.jsonl",
    )
    for name, text in TALKS.items():
        found[name] = Format(text, "session_miner", "sessions", name, talk, "honest.jsonl")
    graphs = {
        "graph.csv": read("graph.csv"),
        "a.ttl": TURTLE,
        "a.nt": "<http://a/b> <http://a/c> <http://a/d> .\n",
        "a.jsonld": JSONLD,
        "a.graphml": GRAPHML,
        "neo4j.csv": NEO4J,
        "nodes.json": NODES,
        "memory.jsonl": MEMORY,
        "semicolons.csv": "\ufeffSubjekt;Beziehung;Objekt\nHafen;liegt an;Fluss\nFluss;fließt in;Meer\n",
    }
    for name, text in graphs.items():
        found[name] = Format(text, "knowledge_graph", "knowledge_graph", name)
    for generator, setting in (
        ("goal_examples", "goals"),
        ("interrupt_handler", "interrupts"),
        ("affect_examples", "affect"),
    ):
        found[f"{setting}.yaml"] = Format(read(f"{setting}.yaml"), generator, setting, "x.yaml")
    found["interrupts.csv"] = Format(
        "task,interrupt,response,because\nsort,ring,drop,it is late\n",
        "interrupt_handler",
        "interrupts",
        "x.csv",
    )
    for name, text in GOALS.items():
        found[name] = Format(text, "goal_examples", "goals", name)
    found["wikipedia.xml"] = Format(read("wikipedia.xml"), "wikipedia_harvest", "wikipedia.dump", "x.xml")
    found["tools.json"] = Format(
        json.dumps({"name": "vast", "inputSchema": SCHEMA}, indent=1),
        "tool_spec",
        "mcp",
        "x.json",
        {},
        "lock_door",
        tools,
    )
    found["code.py"] = Format(Path(__file__).read_text(encoding="utf-8"), "", "", "x.py")
    return found


_OPEN = [
    *"([{<\"'`*_|#&:-=~!\\,;@$%^ \t\n",
    "[[",
    "{{",
    "<!--",
    "<ref>",
    "--> ",
    "- ",
    "  ",
    "(((",
    "```",
    "<a ",
    "](",
    '{"a":',
    "[{",
    "&x *x",
    "\r\n",
    "\x0c",
    "\u2028",
    "\u0130",
]
_ODD = [
    "9" * 5_000,
    "1e308",
    "-1",
    "1000000000",
    "1e-300",
    "NaN",
    "null",
    "[]",
    "{}",
    '"\\ud800"',
    "\x00",
    "\ufeff",
    "true",
    '"x"',
    "^((a{4000}){4000})$",
]


def changed(text: str, rng: random.Random) -> str:
    """The text after one to four changes."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + int(rng.paretovariate(0.6)))
        room, kind = max(1, LARGEST - len(text)), rng.randrange(9)
        if kind == 0:
            part = text[at:end] or "x"
            text = text[:at] + part * min(room // len(part), int(10 ** rng.uniform(0, 5))) + text[end:]
        elif kind == 1:
            mark = rng.choice(_OPEN)
            text = text[:at] + mark * min(room // len(mark), int(10 ** rng.uniform(0, 5))) + text[at:]
        elif kind == 2:
            lines = text.split("\n")
            line = rng.choice(lines) + "\n"
            text = text[:at] + line * min(room // len(line), int(10 ** rng.uniform(0, 4))) + text[at:]
        elif kind == 3:
            text = text[:at] + text[end:]
        elif kind == 4 and (numbers := list(re.finditer(r"-?\d+(?:\.\d+)?", text))):
            found = rng.choice(numbers)
            text = text[: found.start()] + rng.choice(_ODD) + text[found.end() :]
        elif kind == 5:
            text = text[:at] + rng.choice(_ODD) + text[end:]
        elif kind == 6:
            text = (text[:at] + text[rng.randrange(len(text) + 1) :])[:LARGEST]
        elif kind == 7:
            words = sorted(set(re.findall(r"\w{2,}", text))) or ["x"]
            text = text.replace(rng.choice(words), rng.choice(words))[:LARGEST]
        else:
            letters = rng.sample(_OPEN, 3)
            text = (
                text[:at]
                + "".join(rng.choice(letters) for _ in range(min(room, int(10 ** rng.uniform(0, 4.5)))))
                + text[at:]
            )
    return text[: 2 * LARGEST]


@dataclass
class Round:
    """What one round cost, and what was wrong with it ("" for nothing)."""

    format: str
    number: str
    seconds: float
    megabytes: float
    wrong: str


def read(kind: Format, text: str, folder: Path) -> set[str]:
    """What the generator makes of the honest input that stands beside the text: its questions, or where they
    are from.
    """
    if not kind.generator:
        analyse(text.encode("utf-8", "replace"))
        return set()
    place = folder / "input"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, content in {kind.name: kind.wrap(text), **kind.beside}.items():
        (place / name).write_bytes(content.encode("utf-8", "replace"))
    value = str(place if kind.beside else place / kind.name)
    setting = {f"sources.{kind.setting}": [value] if kind.setting in ("documents", "sessions") else value}
    settings = load_settings("laptop", _NOTHING | setting, cwd=folder, environ={})
    seen = Snapshot(
        "shop-12345678", "2026-11-23T1200Z", 7, None, _UNTIL, settings, Cache(Store(folder / "store"))
    )
    try:
        rows, questions = map(list, generate(kind.generator, seen))
        store = Store(folder / "written")  # as the stage does, with what was counted
        store.write_jsonl("rows.jsonl", rows)
        store.write_jsonl("questions.jsonl", questions)
        store.write_json("troubles.json", [trouble.model_dump() for trouble in seen.troubles.list()])
        for trouble in seen.troubles.list():
            if trouble.reason.startswith(FAULT):
                raise AssertionError(trouble.reason)
        # What transcripts say together decides how a request is put: there it counts which lines are told of.
        told = (
            (lambda row: row.source.ref)
            if kind.setting == "sessions"
            else (lambda row: row.messages[0]["content"])
        )
        # What is denied of the changed input hangs on how much of it was read.
        honest = (row for row in rows if not row.messages[-1]["content"].startswith("No, it is in"))
        return {told(row) for row in honest if kind.honest and kind.honest in row.source.ref}
    except Skipped:
        return set()


def rounds(seconds: float, seed: int, only: str | None = None) -> Iterator[Round]:
    """Rounds through all formats, for so many seconds by the clock."""
    folder, until, number = Path(tempfile.mkdtemp(prefix="fuzz-")), time.monotonic() + seconds, 0
    found = {name: kind for name, kind in formats().items() if only in (None, name)}
    try:
        expected = {name: read(kind, "", folder) for name, kind in found.items()}
        while time.monotonic() < until:
            for name, kind in found.items():
                text = changed(kind.sample, random.Random(f"{seed}/{number}/{name}"))
                yield _round(name, f"{seed}/{number}/{name}", kind, text, expected[name], folder)
                if time.monotonic() > until:
                    return
            number += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _round(name: str, number: str, kind: Format, text: str, expected: set[str], folder: Path) -> Round:
    with open("/proc/self/statm", encoding="ascii") as file:
        there = int(file.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (there + (MEGABYTES << 20), before[1]))
    faulthandler.dump_traceback_later(HUNG, exit=True)
    peak, began, wrong = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), ""
    try:
        if not read(kind, text, folder) >= expected:
            wrong = "something of the honest input is lost"
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        wrong = f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        faulthandler.cancel_dump_traceback_later()
        resource.setrlimit(resource.RLIMIT_AS, before)
    used = time.process_time() - began
    wrong = wrong or (f"it took {used:.0f} s" if used > SECONDS else "")
    if wrong:
        kept = Path(tempfile.gettempdir()) / f"fuzz-{number.replace('/', '-')}"
        kept.write_bytes(text.encode("utf-8", "replace"))
        wrong += f" (kept in {kept})"
    return Round(
        name, number, used, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024, wrong
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    given = parser.parse_args()
    done: dict[str, list[Round]] = {}
    for each in rounds(60 * given.minutes, given.seed, given.only):
        done.setdefault(each.format, []).append(each)
        if each.wrong:
            print(f"{each.number}: {each.wrong}", flush=True)
    print(f"{'format':32} {'rounds':>7} {'slowest s':>10} {'most MB':>8} {'wrong':>6}")
    for name, made in sorted(done.items()):
        slowest, most = max(one.seconds for one in made), max(one.megabytes for one in made)
        print(f"{name:32} {len(made):7} {slowest:10.2f} {most:8.0f} {sum(bool(one.wrong) for one in made):6}")
    return int(any(one.wrong for made in done.values() for one in made))


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    sys.exit(main())
