"""Checks examples of `architecture_docs`: takes the document from git or the disk again and looks with text
search, plain `yaml` and `json`.
"""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import yaml

from tests.grounding import open_book

SAMPLES = Path(__file__).parents[2] / "include" / "samples"
_WORDS = re.compile(r"[^\W_]+")


def check(row: dict, snapshot) -> str | None:
    """None when the answer is what the document says on what `source.asks` names."""
    source, answer = row["source"], row["messages"][-1]["content"]
    folder = str(snapshot.repository.path) if snapshot.repository else ""
    text = _text(
        folder,
        source["kind"],
        source.get("path") or re.sub(r":\d+$", "", source["ref"]),
        source.get("commit", ""),
    )
    if "open_book" in source:
        return open_book.check(row, lambda fact: _shown(fact, snapshot, text))
    kind, *about = source["asks"]
    named = about[:1] if kind in ("cell", "image", "in", "default", "enum") else about
    missing = [one for one in named if not _asked(one, row["messages"][-2]["content"])]
    if missing and kind not in ("cell", "image", "route", "trace"):  # asked backwards, or told by its parts
        return f"the question does not name {missing[0]}"
    if row.get("probe"):
        answer = _sentence(row["messages"][-2]["content"], answer, source, *source["asks"])
        if answer is None:
            return "is not the bare value of what it cites"
    if kind in _ASKS:
        return _ASKS[kind](text, answer, source, *about)
    data = _data(text)
    if isinstance(data.get("paths"), dict):
        return _api(data, answer, kind, *about)
    return (
        _manifest(text, answer, kind, *about)
        if "services" not in data
        else _compose(data["services"], answer, kind, *about)
    )


_PORT, _IMAGE, _WORKLOAD = (
    "{} is published on port {} of the host.",
    "The compose service {} runs `{}`.",
    "In Kubernetes, {} runs `{}`.",
)
_OPERATION, _WHERE = "{} is `{}`.", '"{}" is a section of `{}`.'
PROBE = [
    (r"Which port of the host does the container (.+) publish\?", "port", _PORT),
    (r"Under which port of my machine do I reach the container (.+)\?", "port", _PORT),
    (r"`docker compose up`: which host port does (.+) get\?", "port", _PORT),
    (r"The container (.+) is mapped to which port of the host\?", "port", _PORT),
    (r"Which image does the container (.+) run\?", "image", _IMAGE),
    (r"Name the image of the compose service (.+)\.", "image", _IMAGE),
    (r"From what image is the service (.+) started\?", "image", _IMAGE),
    (r"`docker compose pull (.+)`: which image is pulled\?", "image", _IMAGE),
    (r"Which image does the workload (.+) run in Kubernetes\?", "image", _WORKLOAD),
    (r"Name the image of (.+) in the manifests\.", "image", _WORKLOAD),
    (r"The pods of (.+) are made from which image\?", "image", _WORKLOAD),
    (r"In our Kubernetes manifests, what image has (.+)\?", "image", _WORKLOAD),
    (r"Which method and path has the API operation (.+)\?", "operation", _OPERATION),
    (r"How do I call the operation (.+) over HTTP\?", "operation", _OPERATION),
    (r"The operationId (.+) belongs to which endpoint\?", "operation", _OPERATION),
    (r"Name the endpoint of (.+)\.", "operation", _OPERATION),
    (r'Which document has the section "(.+)"\?', "where", _WHERE),
    (r'In which file of the docs do I read about "(.+)"\?', "where", _WHERE),
    (r'Where is "(.+)" documented\?', "where", _WHERE),
    (r'Name the file that has the heading "(.+)"\.', "where", _WHERE),
]
"""(wording of the probe, what it asks, what the subject and the bare value say together)."""


def _sentence(asked: str, value: str, source: dict, kind: str, *about: str) -> str | None:
    """What a question of the probe and its value say; None when it asks for something else, or the value is
    more than that.
    """
    found = next(
        (
            (m[1], sentence)
            for pattern, asks, sentence in PROBE
            if asks == kind and (m := re.fullmatch(pattern, asked))
        ),
        None,
    )
    bare = re.fullmatch(r"\d+" if kind == "port" else r"[^`]*[^`.\s]", value)
    if not found or not bare:
        return None
    name = about[1] if len(about) > 1 else about[0]
    thing, _, document = found[0].removesuffix(")").rpartition(" (")
    named = (
        kind == "where"
        or thing == name
        and source["ref"].endswith(document)
        and (len(about) > 1) == (found[1] == _WORKLOAD)
    )
    return found[1].format(found[0], value) if named else None


def _shown(fact: tuple[str, str, str], snapshot, text: str) -> bool:
    """Whether a fact of a compose file, or of where a heading stands, is so."""
    subject, relation, value = fact
    if relation == "stands_in":
        return (
            any(_within(subject, line) for doc in _documents(snapshot, value) for line in doc.splitlines())
            or subject == value
        )
    service = _data(text)["services"][subject]
    ports = [outer for port in service.get("ports", ()) for outer, _ in _pairs(port)]
    volumes = [
        volume.get("source") if isinstance(volume, dict) else str(volume).split(":")[0]
        for volume in service.get("volumes", ())
    ]
    return (
        value
        in {
            "depends_on": list(service.get("depends_on") or ()),
            "publishes_port": ports,
            "runs_image": [service.get("image")],
            "is_on_network": list(service.get("networks") or ()),
            "mounts": volumes,
        }[relation]
    )


def _documents(snapshot, name: str) -> list[str]:
    """The texts of all documents of that name, in the repository and among the samples."""
    found = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in SAMPLES.rglob("*")
        if path.is_file() and str(path).endswith(name)
    ]
    for entry in snapshot.repository.files() if snapshot.repository else ():
        if entry.path.endswith(name):
            found.append(_text(str(snapshot.repository.path), "git", entry.path, snapshot.repository.commit))
    for place in snapshot.settings.sources.documents:
        folder = Path(place)
        found += [
            p.read_text(errors="replace")
            for p in ([folder] if folder.is_file() else folder.rglob("*"))
            if p.is_file() and str(p).endswith(name)
        ]
    return found


def _asked(name: str, prompt: str) -> bool:
    return set(_WORDS.findall(name)) <= set(_WORDS.findall(prompt))


@cache
def _text(folder: str, kind: str, path: str, commit: str) -> str:
    if kind == "git":
        return subprocess.run(
            ["git", "-C", folder, "show", f"{commit}:{path}"], capture_output=True, check=True
        ).stdout.decode("utf-8", "replace")
    place = SAMPLES / path.removeprefix("samples/") if path.startswith("samples/") else Path(path)
    return place.read_text(encoding="utf-8", errors="replace")


@cache
def _data(text: str) -> dict:
    try:
        found = (
            json.loads(text) if text.lstrip().startswith("{") else next(iter(yaml.safe_load_all(text)), {})
        )
    except (ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


# Prose: word for word, however it is marked up.


def _bare(text: str) -> list[str]:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|!?\[([^\]]*)\]\[[^\]]*\]", r"\1\2", text)
    text = re.sub(r":doc:`([^`<]*/)?(?=[^`<]*`)|:(pep|rfc):`(?=\d)", lambda m: f"{m[2] or ''} `", text)
    text = re.sub(
        r"`([^`<]+?)\s*<[^`>]*>`",
        r"\1",
        re.sub(r":[\w:+-]+:(?=`)|(?<=`):[\w+-]+:(?!`)|<!--.*?-->|\{#[^}]*\}", "", text, flags=re.DOTALL),
    )
    return _WORDS.findall(re.sub(r"</?(?!https?:)\w+[^>]*>", " ", text))


@cache
def _resolved(text: str) -> str:
    """reStructuredText with its own headings in place of the labels before them, and with what substitutions
    stand for.
    """
    for label, heading in re.findall(
        r"(?m)^\.\. _([^:\n]+):\n\s*\n(?:[=~*#-]+\n)?[ \t]*(\S.*)\n[=~*#^\"'`+.-]{3,}", text
    ):
        text = re.sub(
            rf":ref:`{re.escape(label)}`", lambda match, heading=heading: heading, text, flags=re.IGNORECASE
        )
    for name, value in re.findall(r"(?m)^\.\. \|([^|\n]+)\| replace:: (.+)$", text):
        text = text.replace(f"|{name}|", value)
    return text


def _within(part: str, text: str) -> bool:
    return f" {' '.join(_bare(part))} " in f" {' '.join(_bare(text))} "


def _lines(text: str, source: dict) -> str:
    first, last = source["lines"]
    return "\n".join(text.splitlines()[first - 1 : last])


def _section(text: str, answer: str, source: dict, title: str) -> str | None:
    there = _lines(_resolved(text), source)
    if not _within(title, there) and not source["ref"].partition(":")[0].endswith(title):
        return "the heading is not there"
    return None if _within(answer, there) else "says what the section does not"


def _where(text: str, answer: str, source: dict, title: str) -> str | None:
    path, line = source["ref"].rpartition(":")[::2]
    if not _within(title, text.splitlines()[int(line) - 1]):
        return "the heading is not in that line"
    if match := re.search(r"line (\d+)\.$", answer):
        return None if match[1] == line and f"`{path}`" in answer else "names another place"
    return None if f"`{path}`" in answer else "names another document"


def _outline(text: str, answer: str, source: dict) -> str | None:
    place = 0
    words = _bare(answer)
    lines = [*text.splitlines(), ""]
    for line, following in zip(lines, lines[1:], strict=False):
        heads = re.match(r"#+ ", line) or re.match(r"([=\-`:'\"~^_*+#<>.])\1{2,}\s*$", following)
        own = _bare(line) if heads else []
        joined = [*own, "and"]
        if own and words[place : place + len(own)] == own:
            place += len(own) + (words[place + len(own) : place + len(joined)] == ["and"])
    return None if place >= len(words) else "headings that do not follow each other"


def _cell(text: str, answer: str, source: dict, key: str, column: str) -> str | None:
    there = _lines(text, source)
    told = re.sub(r"^No, it is ", "", answer)
    if not all(_has(there, part) for part in (told, key, column)):
        return "a cell that is not in the table"
    near = [line for line in _rows(there) if _has(line, key)]
    return None if _has(" ".join(near), told) else "a cell of another row"


def _rows(text: str) -> list[str]:
    """The rows of any kind of table: lines of Markdown; what stands between rules of a grid; an item of a
    list-table with what is below it.
    """
    rows: list[str] = []
    for line in text.splitlines():
        begins = (
            not line.strip()
            or re.match(r"\s*(\*\s+-|[|]?\s*[-=+:| ]{4,}$)", line)
            or re.match(r"\s*[\w`*:|\"]", line)
        )
        if re.match(r"\s*(\*\s+-)", line) or begins and not re.match(r"\s+- ", line):
            rows.append(line)
        elif rows:
            rows[-1] += f" {line}"
    grid = re.split(r"(?m)^\s*\+[-=+]+\s*$", text)
    return [*rows, *(part for part in grid if len(grid) > 2)]


def _has(text: str, part: str) -> bool:
    return set(_bare(part)) <= set(_bare(text))


# Diagrams: arrows by regular expressions.


@cache
def _arrows(text: str) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """(from, to, what is written) of every arrow, and the label of each node."""
    labels = {
        m[1]: re.sub(r"<br\s*/?>", " ", m[2])
        for m in re.finditer(r'([\w.-]+)\s*[\[({>]+["/\\]?([^\[\](){}"|]+?)["/\\]?[\])}]+', text)
    }
    labels |= {
        m[1]: m[2].replace("\\n", " ")
        for m in re.finditer(r'"?([\w.-]+)"?\s*\[[^\]]*label\s*=\s*"?([^"\],]+)"?[^\]]*\]', text)
    }
    found = []
    for line in re.split(r"[;\n]", re.sub(r'\[[^\[\]]*label\s*=\s*"([^"]*)"[^\]]*\]', "", text)):
        line = re.sub(r'(?<=[\w.-])\s*(?:\[+|\(+|\{+)["/\\(]*[^\[\](){}|]*?["/\\)]*(?:\]+|\)+|\}+)', "", line)
        parts = re.split(
            r"\s*(-->|->|-\.->|==>|--[xo]\s)\s*(?:\|([^|]*)\|)?\s*",
            re.sub(r"--\s+([^->|]+?)\s+-->", r"-->|\1|", line),
        )
        for left, text_on, right in zip(parts[::3], parts[2::3], parts[3::3], strict=False):
            for a in re.split(r"\s*&\s*|[{},\s]+", left.strip().strip('"')):
                for b in re.split(r"\s*&\s*|[{},\s]+", right.strip().strip('"')):
                    if a and b:
                        found.append((a, b, (text_on or "").strip().strip('"')))
    return [(labels.get(a, a), labels.get(b, b), on) for a, b, on in found], labels


def _names(answer: str) -> set[str]:
    return set(re.split(r", | and ", answer.removesuffix(".")))


def _after(text: str, answer: str, source: dict, start: str, end: str, said: str) -> str | None:
    steps = _messages(_lines(text, source))
    place = steps.index((start, end, said)) if (start, end, said) in steps else len(steps)
    following = steps[place + 1] if place + 1 < len(steps) else ("", "", "")
    return (
        None
        if answer.removesuffix(".")
        == f"{following[0]} sends {following[1]}: {following[2].removesuffix('.')}"
        else "another message comes after it"
    )


def _messages(text: str) -> list[tuple[str, str, str]]:
    names = {m[1]: m[2] for m in re.finditer(r"(?m)^\s*(?:participant|actor)\s+(\S+)\s+as\s+(.+?)\s*$", text)}
    found = re.findall(r"(?m)^\s*(\w+(?:-\w+)*)\s*-[-.>x)]+[+-]?\s*(\w+(?:-\w+)*)\s*:\s*(.+?)\s*$", text)
    return [(names.get(a, a), names.get(b, b), said) for a, b, said in found]


def _sends(text: str, answer: str, source: dict, start: str, end: str) -> str | None:
    right = {
        said.removesuffix(".") for a, b, said in _messages(_lines(text, source)) if (a, b) == (start, end)
    }
    return None if {answer.removesuffix(".")} == right else "another message"


def _steps(text: str, answer: str, source: dict) -> str | None:
    right = [f"{n}. {a} -> {b}: {said}" for n, (a, b, said) in enumerate(_messages(_lines(text, source)), 1)]
    return None if answer.splitlines() == right else "other steps"


def _drawn(text: str, source: dict) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    out: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for a, b, _ in _arrows(_lines(text, source))[0]:
        out.setdefault(a, set()).add(b)
        back.setdefault(b, set()).add(a)
    return out, back


def _out(text: str, answer: str, source: dict, node: str) -> str | None:
    right = _drawn(text, source)[0].get(node, set())
    # Of a decision with the answers.
    worded = {f"{b} ({on})" for a, b, on in _arrows(_lines(text, source))[0] if a == node}
    told = _names(answer[3:])
    return (
        None
        if answer.startswith("To ") and (told in (right, worded) or not right and "nothing" in answer)
        else "other arrows"
    )


def _in(text: str, answer: str, source: dict, *about: str) -> str | None:
    if len(about) > 1:
        return _api(_data(text), answer, "in", *about)
    right = _drawn(text, source)[1].get(about[0], set())
    return None if _names(answer) == right or not right and answer.startswith("Nothing") else "other arrows"


def _not(text: str, answer: str, source: dict, node: str, other: str) -> str | None:
    out, _ = _drawn(text, source)
    if other in out.get(node, ()):
        return "denies an arrow"
    if "other way round" in answer:
        return None if node in out.get(other, ()) else "not the other way round"
    return None if _names(answer.partition("points at ")[2]) == out.get(node) else "other arrows"


def _written(text: str, answer: str, source: dict, start: str, end: str) -> str | None:
    right = {on.removesuffix(".") for a, b, on in _arrows(_lines(text, source))[0] if (a, b) == (start, end)}
    return None if {answer.removesuffix(".")} == right else "something else is written there"


def _way(text: str, answer: str, source: dict, start: str, end: str) -> str | None:
    out, _ = _drawn(text, source)
    said = answer.removesuffix(".").split(" -> ")
    steps = all(b in out.get(a, ()) for a, b in zip(said, said[1:], strict=False))
    return None if (said[0], said[-1]) == (start, end) and steps else "a way that is none"


def _behind(text: str, answer: str, source: dict, node: str) -> str | None:
    if "kind:" in text and "apiVersion" in text:
        return _manifest(text, answer, "behind", node)
    return None if _names(answer) == _far(node, _drawn(text, source)[1]) else "others lead to it"


def _far(node: str, following: dict[str, set[str]]) -> set[str]:
    found, left = set(), [node]
    while left:
        for other in following.get(left.pop(), ()):
            if other not in found and other != node:
                found.add(other)
                left.append(other)
    return found


# States, classes and entities: lines by regular expressions.


def _transitions(text: str, source: dict) -> list[tuple[str, str, str]]:
    found = re.findall(
        r"(?m)^\s*(\[\*\]|\w+)\s*-->\s*(\[\*\]|\w+)\s*(?::\s*(.*?))?\s*$", _lines(text, source)
    )
    return [(a, b, said) for a, b, said in found]


def _next(text: str, answer: str, source: dict, state: str) -> str | None:
    after = [(b, said) for a, b, said in _transitions(text, source) if a == state]
    right = {"the end" if b == "[*]" else f"{b} ({said})" if said else b for b, said in after}
    told = set(re.split(r", | or ", answer.removesuffix(".")))
    if not right:
        return None if answer.startswith("None") else "another state"
    return None if {one.lower() for one in told} == {one.lower() for one in right} else "other states"


def _begins(text: str, answer: str, source: dict) -> str | None:
    right = {b for a, b, _ in _transitions(text, source) if a == "[*]"}
    return None if {answer} == right else "it begins elsewhere"


def _transition(text: str, answer: str, source: dict, start: str, end: str) -> str | None:
    right = {said for a, b, said in _transitions(text, source) if (a, b) == (start, end)}
    return (
        None if {answer.removesuffix(".")} == {said.removesuffix(".") for said in right} else "another text"
    )


def _classes(kind: str):
    def check(text: str, answer: str, source: dict, name: str) -> str | None:
        there = _lines(text, source)
        if kind == "inherits":
            right = set(re.findall(rf"(\w+) <\|-- {name}\b", there))
        else:
            right = set(re.findall(rf"{name} \*-- (\w+)", there))
        return None if _names(answer) == right else "other classes"

    return check


_COUNTS = {
    "||": "Exactly one",
    "o{": "Zero or more",
    "}o": "Zero or more",
    "|{": "One or more",
    "o|": "Zero or one",
}


def _count(text: str, answer: str, source: dict, some: str, other: str) -> str | None:
    there = _lines(text, source)
    if match := re.search(rf"{some} \S\S--(\S\S) {other} :", there):
        return None if answer == _COUNTS[match[1]] else "another number"
    match = re.search(rf"{other} (\S\S)--\S\S {some} :", there)
    return None if match and answer == _COUNTS[match[1]] else "another number"


def _related(text: str, answer: str, source: dict, start: str, end: str) -> str | None:
    match = re.search(rf"{start} \S+ {end} : (\w+)", _lines(text, source))
    return None if match and answer == f"{start} {match[1]} {end}." else "another relation"


def _groups(text: str) -> dict[str, set[str]]:
    """Label of an innermost subgraph or cluster -> the names in its lines."""
    found = {}
    for match in re.finditer(
        r"subgraph\s+([^\n{]+?)\s*(?:\n|\{)((?:(?!subgraph).)*?)(?:\n\s*end\b|\})", text, re.DOTALL
    ):
        label = re.search(r'label\s*=\s*"?([^";\]\n]+)', match[2]) or re.search(r"\[(.+)\]", match[1])
        name = label[1].strip('" ') if label else re.sub(r"^cluster_?", "", match[1].strip('"'))
        found[name] = set(re.findall(r"[\w-]+", match[2]))
    return found


def _group(text: str, answer: str, source: dict, name: str) -> str | None:
    there, (_, labels) = _groups(_lines(text, source)).get(name, set()), _arrows(_lines(text, source))
    there |= {labels[one] for one in there if one in labels}
    return None if _names(answer) <= there else "others belong to it"


def _member(text: str, answer: str, source: dict, node: str) -> str | None:
    there, (_, labels) = _groups(_lines(text, source)).get(answer, set()), _arrows(_lines(text, source))
    return None if node in there | {labels[one] for one in there if one in labels} else "it belongs elsewhere"


# Data: the value at its place.


def _text_of(value) -> str:
    return " ".join(str(value).split())


def _compose(services: dict, answer: str, kind: str, *about: str) -> str | None:
    me = services.get(about[0]) if about else None
    told = answer.removesuffix(".").strip("`")
    needs = {name: set(body.get("depends_on") or ()) for name, body in services.items()}
    # Those that are not required.
    spare = {
        name: {
            other
            for other, how in (body.get("depends_on") or {}).items()
            if isinstance(how, dict) and how.get("required") is False
        }
        if isinstance(body.get("depends_on"), dict)
        else set()
        for name, body in services.items()
    }
    firm = {name: needs[name] - spare[name] for name in needs}
    back = {name: {other for other in needs if name in needs[other]} for name in services}
    ports = {
        name: dict(pair for port in body.get("ports") or () for pair in _pairs(port))
        for name, body in services.items()
    }
    fixed = {name: {outer for outer in found if outer.isdecimal()} for name, found in ports.items()}
    right: object
    if kind == "port":
        if answer.startswith("None: "):
            return None if not fixed[about[0]] else "denies a port"
        return (
            None
            if fixed[about[0]]
            == set(re.findall(r"\b\d+\b", re.sub(r".*? is published on|\(.*?\)", "", answer)))
            and all(f"unless {name} is set" in answer for name in _unless(me))
            else "another port"
        )
    if kind == "publisher":
        return None if about[0] in fixed.get(told, ()) else "another service"
    if kind == "inside":
        return None if ports[about[0]].get(about[1]) == told else "another port"
    if kind == "image":
        image, unless = _default(str(me.get("image"))) if me else ("", "")
        told_image = f"`{image}`, unless {unless} is set" if unless else f"`{image}`"
        return None if me and answer.removesuffix(".").endswith(told_image) else "another image"
    if kind == "build":
        right = me["build"]["context"] if isinstance(me["build"], dict) else me["build"]
        return None if told == right else "another folder"
    if kind == "mounts":
        right = {
            name
            for name, body in services.items()
            if any(
                _text_of(v).split(":")[0] == about[0] or about[0] in _text_of(v)
                for v in body.get("volumes") or ()
            )
        }
        return None if _names(answer) == right else "others mount it"
    if kind == "networks":
        return None if _names(answer) == set(me["networks"]) else "other networks"
    if kind == "absent":
        return None if about[0] not in services and about[0] in answer else "denies a service"
    if kind == "services":
        return None if _names(answer) == set(services) else "other services"
    if kind == "not needed":
        return (
            None
            if about[1] not in needs[about[0]]
            and _names(answer.partition("depends on ")[2]) == needs[about[0]]
            else "denies wrongly"
        )
    if kind == "start":
        return (
            None
            if _names(answer.replace(f", then {about[0]}", "")) == _far(about[0], firm)
            else "others are started"
        )
    if kind == "needs" and spare[about[0]]:
        first, _, rest = answer.removesuffix(".").rpartition("; ")
        right = (_names(first) if first else set(), _names(rest.removesuffix(" (not required)")))
        return None if right == (firm[about[0]], spare[about[0]]) else "others are named"
    held = {name: {other for other in firm if name in firm[other]} for name in services}
    right = {"needs": needs.get(about[0]), "needed by": back.get(about[0]), "down": _far(about[0], held)}.get(
        kind
    )
    if right is None:
        return f"the checker does not know {kind}"
    return (
        None
        if (_names(answer) == right if right else answer.startswith(("Nothing", "None")))
        else "others are named"
    )


def _unless(service: dict) -> set[str]:
    """The variables that change a port of the host."""
    return {_default(str(port).rpartition(":")[0])[1] for port in service.get("ports") or ()} - {""}


def _default(text: str) -> tuple[str, str]:
    """The text with the default of a variable, and the variable."""
    match = re.search(r"\$\{(\w+):?-([^}]*)\}", text)
    return (text.replace(match[0], match[2]), match[1]) if match else (text, "")


def _pairs(port) -> list[tuple[str, str]]:
    """The ports of the host and of the container that an entry names."""
    if isinstance(port, dict):
        return [(str(port.get("published")), str(port.get("target")))]
    outer, _, inner = _default(str(port))[0].split("/")[0].rpartition(":")
    outer = outer.rpartition(":")[2]
    if "-" not in outer:
        return [(outer, inner)]
    (first, last), (start, _) = (map(int, end.split("-")) for end in (outer, inner))
    return [(str(number), str(number - first + start)) for number in range(first, last + 1)]


def _manifest(text: str, answer: str, kind: str, *about: str) -> str | None:
    found = [one for one in yaml.safe_load_all(text) if isinstance(one, dict)]
    found = [
        inner for one in found for inner in (one.get("items") or [] if one.get("kind") == "List" else [one])
    ]

    def one(kind: str, name: str) -> dict:
        return next(r for r in found if r.get("kind") == kind and r["metadata"]["name"] == name)

    def pod(work: dict) -> dict:
        spec = work["spec"]
        return (
            spec
            if work["kind"] == "Pod"
            else spec["jobTemplate"]["spec"]["template"]
            if "jobTemplate" in spec
            else spec["template"]
        )

    told = answer.removesuffix(".").strip("`")
    if kind in ("image", "replicas", "ports", "needs", "no secret"):
        work = one(about[0], about[1])
        inner = pod(work) if about[0] == "Pod" else pod(work)["spec"]
        if kind == "image":
            return (
                None
                if f"`{next(c['image'] for c in inner['containers'] if c['name'] == about[2])}`" in answer
                else "another image"
            )
        if kind == "replicas":
            return None if told == str(work["spec"]["replicas"]) else "another number"
        if kind == "ports":
            return (
                None
                if _names(answer)
                == {str(p["containerPort"]) for c in inner["containers"] for p in c.get("ports", ())}
                else "other ports"
            )
        flat = json.dumps(inner)
        if kind == "no secret":
            return None if "secret" not in flat.lower() else "denies a Secret"
        wrong = [
            need
            for need in _names(answer)
            if not re.search(rf'"{re.escape(need.split(" ")[1])}"', flat)
            or need.split(" ")[0][:6].lower() not in flat.lower()
        ]
        return f"does not need {wrong[0]}" if wrong else None
    if kind in ("port", "target", "behind"):
        service = one("Service", about[0])
        ports = service["spec"].get("ports", [])
        if kind == "port":
            return None if _names(answer) == {str(p["port"]) for p in ports} else "other ports"
        if kind == "target":
            return (
                None
                if told in {str(p.get("targetPort", p["port"])) for p in ports if str(p["port"]) == about[1]}
                else "another target"
            )
        return None if told == f"The {_selected(found, service, pod)}" else "another workload"
    for ingress in (r for r in found if r.get("kind") == "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                if (rule.get("host", ""), path.get("path", "/")) == about:
                    backend = path["backend"]["service"]
                    port = backend.get("port", {}).get("number") or backend.get("port", {}).get("name")
                    if kind == "route":
                        return (
                            None
                            if answer == (f"{backend['name']}, port {port}" if port else backend["name"])
                            else "another Service"
                        )
                    right = (
                        f"Ingress {ingress['metadata']['name']} -> Service {backend['name']} ->"
                        f" {_selected(found, one('Service', backend['name']), pod)}."
                    )
                    return None if answer == right else "another way"
    return "no such route"


def _selected(found: list[dict], service: dict, pod) -> str:
    wanted = service["spec"]["selector"].items()
    works = [
        r
        for r in found
        if "containers" in json.dumps(r) and wanted <= pod(r)["metadata"].get("labels", {}).items()
    ]
    return " ".join(f"{r['kind']} {r['metadata']['name']}" for r in works)


def _api(data: dict, answer: str, kind: str, *about: str) -> str | None:
    def follow(value):
        while isinstance(value, dict) and "$ref" in value:
            reference, value = value["$ref"], data
            for part in reference.removeprefix("#/").split("/"):
                value = value[part.replace("~1", "/").replace("~0", "~")]
        return value

    def name(schema) -> str:
        inner = schema.get("items", {}) if schema.get("type") == "array" else schema
        text = inner["$ref"].rpartition("/")[2] if "$ref" in inner else inner.get("type", "")
        return (
            f"array of {text}"
            if inner is not schema and text
            else schema.get("type", "")
            if inner is not schema
            else text
        )

    def media(body) -> dict:
        content = follow(body).get("content") or {}
        return (
            (content.get("application/json") or next(iter(content.values()), {})).get("schema")
            or follow(body).get("schema")
            or {}
        )

    told = {part.strip("`") for part in _names(answer)}
    (single,) = told if len(told) == 1 else ("",)
    every = {
        (m.upper(), path): follow(item)[m]
        for path, item in data["paths"].items()
        for m in follow(item)
        if isinstance(follow(item)[m], dict) and m != "parameters"
    }
    schemas = data.get("definitions") or data.get("components", {}).get("schemas") or {}
    if kind == "version":
        return None if answer == str(data["info"]["version"]) else "another version"
    if kind == "servers":
        text = json.dumps(data)
        return (
            None if all(url in text or data.get("host", "\0") in url for url in told) else "another address"
        )
    if kind == "tag":
        return (
            None
            if told
            == {f"{m} {path}" for (m, path), body in every.items() if about[0] in body.get("tags", ())}
            else "other operations"
        )
    if kind == "operation":
        right = next(
            f"{m} {path}" for (m, path), body in every.items() if body.get("operationId") == about[0]
        )
        return None if f"`{right}`" in answer else "another operation"
    if kind in ("schema required", "field", "no field"):
        schema = follow(schemas[about[0]])
        if kind == "schema required":
            right = set(schema.get("required", ())) & set(schema["properties"])
            return None if (told == right if right else answer.startswith("None")) else "other fields"
        if kind == "no field":
            return None if about[1] not in schema["properties"] and answer == "No." else "denies a field"
        return None if single == name(schema["properties"][about[1]]) else "another type"
    body = every[about[0], about[1]]
    given = [
        follow(p)
        for p in [*follow(data["paths"][about[1]]).get("parameters", ()), *body.get("parameters", ())]
    ]
    parameters = {p["name"]: p for p in given if p.get("in") != "body"}
    if kind == "operationId":
        return None if single == body["operationId"] else "another id"
    if kind == "summary":
        return (
            None
            if answer.removesuffix(".") == _text_of(body["summary"]).removesuffix(".")
            else "another summary"
        )
    if kind == "required":
        right = {n for n, p in parameters.items() if p.get("required") is True}
        return None if (told == right if right else answer.startswith("None")) else "other parameters"
    if kind == "no parameter":
        listed = set(re.findall(r"`([^`]+)`", answer))
        return (
            None
            if about[2] not in parameters and answer.startswith("No.") and listed in (set(), set(parameters))
            else "denies a parameter"
        )
    if kind in ("in", "default", "enum"):
        parameter = parameters[about[2]]
        schema = follow(parameter.get("schema")) or parameter
        if kind == "in":
            return (
                None
                if answer == f"From the {parameter['in'].replace('formData', 'form')}."
                else "from elsewhere"
            )
        if kind == "default":
            return None if single == json.dumps(schema["default"]) else "another default"
        return None if told == {v for v in schema["enum"] if isinstance(v, str)} else "other values"
    if kind == "body":
        inner = next((p["schema"] for p in given if p.get("in") == "body"), None) or media(
            body.get("requestBody")
        )
        return None if single == name(inner) else "another body"
    responses = {str(status): response for status, response in body.get("responses", {}).items()}
    if kind == "response":
        return None if single == name(media(responses[about[2]])) else "another schema"
    return None if kind == "statuses" and told == set(responses) else "other statuses"


_ASKS = {
    "section": _section,
    "where": _where,
    "outline": _outline,
    "cell": _cell,
    "after": _after,
    "sends": _sends,
    "steps": _steps,
    "out": _out,
    "in": _in,
    "not": _not,
    "text": _written,
    "way": _way,
    "behind": _behind,
    "group": _group,
    "member": _member,
    "next": _next,
    "begins": _begins,
    "transition": _transition,
    "inherits": _classes("inherits"),
    "composition": _classes("composition"),
    "count": _count,
    "related": _related,
}
