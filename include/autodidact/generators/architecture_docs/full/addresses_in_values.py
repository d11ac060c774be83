"""Which values of variables are addresses of services, and which name one in a way that is not plain."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

# A host where an address has one, and its port: `http://cart:80/x`, `user:pw@db:5432`, `host=db`,
# `tcp(db:3306)`, `one:9092,two:9092`.
_ADDRESS = re.compile(
    r"(?P<sure>//|@|\btcp\(|\b(?:host|hostaddr|server|data source|addr|address)\s*=\s*(?:tcp:)?)?"
    r"(?<![\w.-])(?P<host>[A-Za-z][\w.-]*)(?:[:](?P<port>\d{1,5})(?!\w)|(?!:))",
    re.IGNORECASE,
)
# Where the port of `host=db` stands.
_PORT = re.compile(r"\bport\s*=\s*(\d{2,5})\b", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+")
# What a variable is called whose value, a bare name, is a host; and one whose value is another name.
_HOSTED = re.compile(
    r"(?:\A|[_.-])(?:HOST|HOSTS|HOSTNAME|HOSTNAMES|ADDR|ADDRESS|ADDRESSES|URL|URLS|URI|URIS|SERVER|SERVERS|"
    r"ENDPOINT|ENDPOINTS|BROKER|BROKERS|UPSTREAM|BACKEND|DSN|SEEDS)(?:[_.-]|\d|\Z)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:\A|_)(?:DB|DATABASE|DBNAME|NAME|USER|USERNAME|PASSWORD|SCHEMA|TABLE|QUEUE|TOPIC|BUCKET)\Z",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """The value of a variable names a host, with a port or ""."""

    variable: str
    host: str
    port: str


def addresses(values: Mapping[str, str], hosts: Collection[str], suffix: str = "") -> list[Address]:
    """The addresses of these hosts that values hold. What else stands in a value, a user or a password, is
    not read. `suffix`: a pattern of what may follow the name of a host.
    """
    found: dict[Address, None] = {}
    for name, value in values.items():
        # Zeros are no port, and with other digits before them too many for one.
        plain = _VARIABLE.sub("00000", value[:300])
        for match in _ADDRESS.finditer(plain):
            host = _host(match["host"], hosts, suffix)
            if host and _is_address(name, plain, match):
                inner = _PORT.search(plain) if "=" in (match["sure"] or "") else None
                port = (match["port"] or "").lstrip("0") or (inner[1].lstrip("0") if inner else "")
                found[Address(name, host, port)] = None
    return list(found)


def _host(text: str, hosts: Collection[str], suffix: str) -> str:
    if text in hosts:
        return text
    name, dot, _ = text.partition(".")
    return name if suffix and name in hosts and re.fullmatch(suffix, text[len(name) :]) else ""


def _is_address(name: str, value: str, match: re.Match) -> bool:
    """Whether a host stands where an address has one. A user does not: `user@db`, `user:pw@db`."""
    after = value[match.end() : match.end() + 1]
    if after and after not in "/,;?&) \t":
        return False
    if match["sure"]:
        return True
    before = value[: match.start("host")]
    if match["port"]:
        return not before or before[-1] in ",; \t("
    bare = re.fullmatch(r"[\w.-]+(?:[,;]\s*[\w.-]+)*", value)
    return bool(bare and _HOSTED.search(name) and not _OTHER.search(name))


def unclear(values: Mapping[str, str | None], hosts: Collection[str], known: Collection[Address]) -> bool:
    """Whether some value may name a host without being one of the `known` addresses."""
    met = {(one.variable, one.host) for one in known}
    named = {one.variable for one in known}
    return any(
        # What the shell puts in may be a host.
        (_HOSTED.search(name) and name not in named and (value is None or _VARIABLE.search(value)))
        or any(
            (name, host) not in met and not (value == host and _OTHER.search(name))
            for host in hosts
            if names(value or "", host)
        )
        for name, value in values.items()
    )


def names(text: str, host: str) -> bool:
    """Whether a host occurs in a text as a word, other than as the scheme of a URL."""
    return bool(re.search(rf"(?<![\w.])(?<!\w-){re.escape(host)}(?![\w-]|://|\+\w+://)", text))


def advertises(image: str, body: Any) -> bool:
    """Whether a service, by its image or by what its entry of a file has, tells its clients to which address
    they have to go on, as brokers of Kafka do: a port that was forwarded or moved does not help them.
    """
    return (
        re.search(r"kafka|redpanda|pulsar|rocketmq|advertise", f"{image} {body}", re.IGNORECASE) is not None
    )
