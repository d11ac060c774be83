"""Values of docker-compose files as Compose takes them: variables and their defaults, ports and ranges."""

import re
from dataclasses import dataclass, field
from typing import Any

# Of one entry; a longer range is no list that anybody reads.
MAX_RANGE = 20

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<default>:?-[^${}]*)?[^${}]*\}|)"
)
# The parts of "127.0.0.1:${PORT:-80}:80", none of which ends within braces or brackets.
_PART = re.compile(r"(?:\$\{[^}]*\}|\[[^\]]*\]|[^:])+|(?<=:)(?=:)|^(?=:)")


@dataclass(frozen=True)
class Text:
    """A value with its variables replaced by their defaults. `unless`: the variable that changes it when it
    is set, "" for none.
    """

    text: str
    unless: str = ""


@dataclass(frozen=True)
class Port:
    """A published port: of the host, and `inside` the container ("" where that is not plain). `address`: of
    the host, where it is bound to one alone; `protocol`: "tcp" or "udp".
    """

    host: str
    inside: str = ""
    unless: str = ""
    address: str = field(default="", compare=False)
    protocol: str = field(default="tcp", compare=False)

    @property
    def entry(self) -> str:
        """As it stands under `ports`: "127.0.0.1:8080:80"."""
        bound = f"{self.address}:" if self.address else ""
        return f"{bound}{self.host}:{self.inside}{'' if self.protocol == 'tcp' else f'/{self.protocol}'}"

    @property
    def local(self) -> bool:
        """Whether only programs on the same machine reach it."""
        return self.address.startswith("127.") or self.address in ("localhost", "[::1]")


def interpolated(value: str, known: frozenset[str] = frozenset()) -> Text | None:
    """What Compose makes of a value when its variable is not set; None where no default says it, where there
    are several variables, or where the variable is one of the `known`, which an env file sets.
    """
    names: list[str] = []
    # A template's value is put in before Compose reads the file.
    if "{{" in value or "{%" in value:
        return None
    pieces, place = [], 0
    for match in _VARIABLE.finditer(value):
        pieces.append(value[place : match.start()])
        place = match.end()
        if match["dollar"]:
            pieces.append("$")
        elif match["default"] is None or match["name"] in known:
            return None
        else:
            names.append(match["name"])
            pieces.append(match["default"].partition("-")[2])
    if len(set(names)) > 1:
        return None
    return Text("".join([*pieces, value[place:]]), names[0] if names else "")


def published(entry: Any, known: frozenset[str]) -> list[Port] | None:
    """The fixed ports of the host that an entry of `ports` publishes, [] for a random one; None where they
    are decided elsewhere.
    """
    if isinstance(entry, dict):
        host, inside = entry.get("published"), entry.get("target")
        if inside is None:
            return None
        host, inside = "" if host is None else str(host), str(inside)
        address, protocol = str(entry.get("host_ip") or ""), str(entry.get("protocol") or "tcp")
    elif isinstance(entry, (str, int)) and not isinstance(entry, bool):
        parts = _PART.findall(str(entry))
        host, inside = (parts[-2], parts[-1]) if len(parts) > 1 else ("", parts[-1] if parts else "")
        address, protocol = ":".join(parts[:-2]), str(entry).rpartition("/")[2] if "/" in inside else "tcp"
    else:
        return None
    outer, inner = interpolated(host, known), interpolated(inside.partition("/")[0], known)
    if outer is None:
        return None
    if not outer.text:
        return [] if not outer.unless else None
    hosts, insides = _numbers(outer.text), _numbers(inner.text) if inner and not inner.unless else [""]
    if (
        not hosts
        or not insides
        or (len(hosts) > 1 and len(insides) != len(hosts))
        or len(insides) > len(hosts)
    ):
        return None
    bound = interpolated(address, known)
    if bound and not bound.unless:
        address = "" if bound.text in ("0.0.0.0", "[::]", "::") else bound.text  # noqa: S104
    return [
        Port(one, other, outer.unless, address, protocol) for one, other in zip(hosts, insides, strict=True)
    ]


def on_free_port(entry: Any) -> str:
    """The port of the container, or several, of an entry that `published` finds on a random port."""
    inside = entry.get("target") if isinstance(entry, dict) else (_PART.findall(str(entry)) or [""])[-1]
    return str(inside).partition("/")[0]


def _numbers(text: str) -> list[str]:
    """The ports of "80" or of "80-82"; [] for anything else."""
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", text)
    if not match:
        return []
    first, last = int(match[1]), int(match[2] or match[1])
    return [str(port) for port in range(first, last + 1)] if first <= last < first + MAX_RANGE else []
