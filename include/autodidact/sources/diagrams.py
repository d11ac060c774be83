"""Who points at whom: the edges of Mermaid diagrams, and the services of a docker-compose file."""

import re
from dataclasses import dataclass, field

from autodidact.sources.tables import load_yaml
from autodidact.stage import Troubles

_NAME = r"[A-Za-z0-9_](?:[\w.]|-(?=[\w]))*"
_SHAPE = r"(?:\s*(?:\(\(\(.*?\)\)\)|\[\[.*?\]\]|\[\(.*?\)\]|\(\[.*?\]\)|\(\(.*?\)\)|\{\{.*?\}\}|\[[/\\]?.*?[/\\]?\]|\(.*?\)|\{.*?\}|>.*?\]))?(?::::\w+)?"
_NODE = re.compile(rf"\s*({_NAME})({_SHAPE})")
_LINK = re.compile(
    r"\s*<?(?:(?:--+|==+|-\.+-)(?P<a>>|[xo](?=\s|\|))"  # A --> B, A -.-> B, A ==> B, A --x B
    r"|--(?!-)\s*(?P<solid>[^\s|>-][^|>]*?)\s*--+(?P<b>>)?|-\.(?!-)\s*(?P<dotted>[^|>]*?)\s*\.+-(?P<c>>)?|==(?!=)\s*(?P<thick>[^|>]*?)\s*==+(?P<d>>)?"
    r"|--+|==+|-\.+-|~~~+)\s*(?:\|(?P<label>[^|]*)\|)?"
)
_MESSAGE = re.compile(r"^\s*(.+?)\s*(<<-?-?>>|--?>>?|--?[x)])\s*[+-]?\s*([^:]+?)\s*:\s*(.+?)\s*$")
_PARTICIPANT = re.compile(r"^\s*(?:create\s+)?(?:participant|actor)\s+(\S+)(?:\s+as\s+(.+?))?\s*$")


@dataclass(frozen=True)
class Edge:
    """An arrow of a diagram. `text` is what is written on it, or ""."""

    start: str
    end: str
    text: str = ""


@dataclass
class Diagram:
    kind: str  # "flowchart" or "sequence"
    edges: list[Edge] = field(default_factory=list)


def mermaid(text: str) -> Diagram | None:
    """A flowchart's or a sequence diagram's arrows, in the order of the text; None for another kind. Nodes have their labels as names."""
    lines = [line.split("%%")[0].rstrip() for line in text.splitlines()]
    lines = [line for line in lines if line.strip()]
    if lines and lines[0].strip() == "---":  # front matter
        closing = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        lines = lines[closing + 1 :]
    if not lines:
        return None
    head = lines[0].split()[0].rstrip(";").lower()
    if head in ("graph", "flowchart"):
        return _flowchart([part for line in lines[1:] for part in line.split(";")])
    return _sequence(lines[1:]) if head == "sequencediagram" else None


def _flowchart(lines: list[str]) -> Diagram:
    labels: dict[str, str] = {}
    arrows: list[tuple[str, str, str]] = []
    for line in lines:
        if re.match(r"\s*(subgraph|end|classDef|class|style|linkStyle|click|direction)\b", line):
            continue
        left, place = _nodes(line, 0, labels)
        while left:
            link = _LINK.match(line, place)
            if not link or link.end() == place:
                break
            right, place = _nodes(line, link.end(), labels)
            text = next((link[name] for name in ("solid", "dotted", "thick", "label") if link[name]), "").strip().strip('"')
            if any(link[head] for head in "abcd"):
                arrows += [(start, end, text) for start in left for end in right]
            left = right
    return Diagram("flowchart", [Edge(labels[a], labels[b], text) for a, b, text in arrows if a != b])


def _nodes(line: str, place: int, labels: dict[str, str]) -> tuple[list[str], int]:
    """The nodes joined by `&` that stand at `place`, and where they end."""
    found = []
    while match := _NODE.match(line, place):
        name, shape = match[1], re.sub(r":::\w+$", "", match[2].strip())
        label = re.sub(r"<br\s*/?>", " ", shape.strip("[](){}<>/\\ ").strip('"'))
        if label or name not in labels:
            labels[name] = label or name
        found.append(name)
        place = match.end()
        joint = re.compile(r"\s*&").match(line, place)
        if not joint:
            break
        place = joint.end()
    return found, place


def _sequence(lines: list[str]) -> Diagram:
    names: dict[str, str] = {}
    edges = []
    for line in lines:
        if match := _PARTICIPANT.match(line):
            names[match[1]] = match[2] or match[1]
        elif (match := _MESSAGE.match(line)) and not re.match(r"\s*note\b", line, re.IGNORECASE):
            start, end = match[1], match[3]
            edges.append(Edge(names.get(start, start), names.get(end, end), match[4]))
    return Diagram("sequence", edges)


@dataclass(frozen=True)
class Service:
    """A service of a compose file. `ports` are the published ones, of the host; values of the environment are not read."""

    name: str
    image: str = ""
    ports: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


def compose(text: str, ref: str, troubles: Troubles) -> list[Service]:
    """The services of a docker-compose file, by name. Whatever has another shape than the compose specification's is left out."""
    content = load_yaml(text, ref, troubles)
    services = content.get("services") if isinstance(content, dict) else None
    if not isinstance(services, dict):
        return []
    found = []
    for name, body in sorted(services.items()):
        if not isinstance(body, dict):
            troubles.add("not a service", f"{ref}#{name}")
            continue
        image = body.get("image")
        found.append(
            Service(
                name=name,
                image=image if isinstance(image, str) and "$" not in image else "",
                ports=tuple(port for port in map(_published, _listed(body.get("ports"))) if port),
                depends_on=tuple(sorted(str(other) for other in _listed(body.get("depends_on")))),
                volumes=tuple(volume for volume in map(_named_volume, _listed(body.get("volumes"))) if volume),
            )
        )
    return found


def _listed(value) -> list:
    return list(value) if isinstance(value, (list, dict)) else []


def _published(port) -> str:
    """The port of the host: of "8080:80", "127.0.0.1:8080:80/tcp" or {"published": 8080}; "" when it is a range, a variable or random."""
    if isinstance(port, dict):
        text = str(port.get("published") or "")
    else:
        parts = str(port).split("/")[0].split(":")
        text = parts[-2] if len(parts) > 1 else ""
    return text if text.isdecimal() else ""


def _named_volume(volume) -> str:
    if isinstance(volume, dict):
        return str(volume.get("source") or "") if volume.get("type") == "volume" else ""
    name = str(volume).split(":")[0]
    return name if ":" in str(volume) and re.fullmatch(r"[\w-][\w.-]*", name) else ""
