"""Which services of a Compose file name each other in their environment, commands and other values."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from autodidact.generators.architecture_docs.full.addresses_in_values import (
    Address,
    addresses,
    names,
    unclear,
)
from autodidact.sources.documents.compose import Service
from autodidact.sources.json_of_expected_type import dict_of

# Where a service names another one besides its environment; `depends_on` is read on its own.
_APART = ("depends_on", "environment", "image", "container_name", "networks", "build", "volumes")
# By these a service gets variables or names that do not stand in its own block.
_ELSEWHERE = ("env_file", "extends", "links", "external_links")
# An address of the machine itself, and its port.
_LOCAL = re.compile(r"(?<![\w.-])(?:localhost|127\.0\.0\.1):(\d{1,5})(?!\w)")


class Environment:
    """Of the services of one file, as the file has them. `every`: all services, or their names."""

    def __init__(self, raw: dict[str, Any], every: Mapping[str, Service] | Collection[str]):
        self.raw, self.every = raw, set(every)
        self.found = {name: addresses(self.values(name), self.every - {name}) for name in raw}
        # Those for which `localhost` is the machine itself.
        self.on_host_network = {
            name for name, body in raw.items() if dict_of(body).get("network_mode") == "host"
        }
        services = every.values() if isinstance(every, Mapping) else ()
        self.ports = {one.name: _on_the_host(one, one.name in self.on_host_network) for one in services}
        self.local = {name: list(self._local(name)) for name in sorted(self.on_host_network)}

    def _local(self, me: str) -> Iterator[Address]:
        """`localhost` with a port of one other service in the values of one on the network of the host; the
        host of such an address is "" where it is not known whose the port is.
        """
        for variable, value in self.values(me).items():
            for port in dict.fromkeys(_LOCAL.findall(value)):
                owners = [name for name, ports in self.ports.items() if port in ports]
                if owners != [me]:
                    yield Address(variable, owners[0] if len(owners) == 1 else "", port)

    def may_be_local(self, me: str) -> bool:
        """Whether a port of `localhost` in some value may be this service's, and the file does not say so."""
        strays = any(not one.host for given in self.local.values() for one in given)
        return strays and me in self.on_host_network and not self.ports.get(me)

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
        if any(not one.host for one in self.local.get(me, ())):
            return False
        others = self.every - {me}
        if unclear(self.given(me), others, self.addresses(me)):
            return False
        texts = list(_texts({key: value for key, value in body.items() if key not in _APART}))
        build = body.get("build")
        texts += _texts(build.get("args")) if isinstance(build, dict) else ()
        return not any(names(text, other) for text in texts for other in others)

    def callers(self, me: str) -> dict[str, list[str]]:
        """Service -> the variables in which it is given the address of this one, by its name or as a port of
        `localhost` on the network of the host.
        """
        given = {name: [*found, *self.local.get(name, ())] for name, found in self.found.items()}
        return _holders(given, me)

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


def _holders(given: Mapping[str, Collection[Address]], me: str) -> dict[str, list[str]]:
    """Service -> its variables with an address of this one."""
    found = {name: sorted({one.variable for one in given[name] if one.host == me}) for name in sorted(given)}
    return {name: variables for name, variables in found.items() if variables}


def _on_the_host(service: Service, on_host_network: bool) -> set[str]:
    """The ports of the machine on which a service listens: on the network of the host, its own ones."""
    plain = [port for port in service.ports if not port.unless and port.protocol == "tcp"]
    return {port.inside if on_host_network else port.host for port in plain} - {""}


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
