"""Which services of a Compose file name each other in their environment, commands and other values."""

from collections.abc import Collection, Iterator
from typing import Any

from autodidact.generators.architecture_docs.full.addresses_in_values import (
    Address,
    addresses,
    names,
    unclear,
)
from autodidact.sources.untrusted_json import dict_of

# Where a service names another one besides its environment; `depends_on` is read on its own.
_APART = ("depends_on", "environment", "image", "container_name", "networks", "build", "volumes")
# By these a service gets variables or names that do not stand in its own block.
_ELSEWHERE = ("env_file", "extends", "links", "external_links")


class Environment:
    """Of the services of one file, as the file has them. `every`: the names of all services."""

    def __init__(self, raw: dict[str, Any], every: Collection[str]):
        self.raw, self.every = raw, set(every)
        self.found = {name: addresses(self.values(name), self.every - {name}) for name in raw}

    def given(self, me: str) -> dict[str, str | None]:
        """Variable -> value; None where the shell gives it."""
        given = dict_of(self.raw.get(me)).get("environment")
        if isinstance(given, list):
            pairs = [str(one).partition("=") for one in given]
            return {name: value if equals else None for name, equals, value in pairs}
        return {str(name): None if value is None else str(value) for name, value in dict_of(given).items()}

    def values(self, me: str) -> dict[str, str]:
        return {name: value for name, value in self.given(me).items() if value is not None}

    def addresses(self, me: str) -> list[Address]:
        return self.found.get(me, [])

    def complete(self, me: str) -> bool:
        """Whether a service names no other one but by these addresses and in `depends_on`."""
        body = dict_of(self.raw.get(me))
        if not body or any(body.get(key) for key in _ELSEWHERE):
            return False
        others = self.every - {me}
        if unclear(self.given(me), others, self.addresses(me)):
            return False
        texts = list(_texts({key: value for key, value in body.items() if key not in _APART}))
        build = body.get("build")
        texts += _texts(build.get("args")) if isinstance(build, dict) else ()
        return not any(names(text, other) for text in texts for other in others)

    def callers(self, me: str) -> dict[str, list[str]]:
        """Service -> the variables in which it is given the address of this one."""
        found = {
            name: sorted({one.variable for one in given if one.host == me})
            for name, given in sorted(self.found.items())
        }
        return {name: variables for name, variables in found.items() if variables}

    def on_host(self, port: str) -> dict[str, list[str]]:
        """Service -> the variables that hold `localhost` with this port, which is then the host's where a
        browser or a program outside uses the value.
        """
        hosts = ("localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal")  # noqa: S104
        found = {
            name: sorted(
                key
                for key, value in self.values(name).items()
                if any(names(value, f"{host}:{port}") for host in hosts)
            )
            for name in sorted(self.raw)
        }
        return {name: variables for name, variables in found.items() if variables}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)
