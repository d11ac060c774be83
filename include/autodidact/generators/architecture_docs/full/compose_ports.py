"""Published ports of a Compose file's services in prose: where to connect, how to move one."""

import re
from collections.abc import Collection
from typing import Any

from autodidact.generators.architecture_docs.full.services_named_in_environment import Environment
from autodidact.generators.architecture_docs.known_ports import known_port
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.documents.compose import Service
from autodidact.sources.documents.compose_values import Port

# Ports of one service in an answer.
MOST = 3


def published(port: Port) -> str:
    """`port 8080 of the host (80 in the container)`, and until which variable changes it."""
    unless = f" unless `{port.unless}` is set" if port.unless else ""
    parts = [f"{port.inside} in the container"] if port.inside not in ("", port.host) else []
    parts += ["on its loopback address only"] if port.local else []
    return f"port {port.host} of the host{unless}{f' ({listing(parts)})' if parts else ''}"


def on_free(inside: str) -> str:
    """`port 81 of the container on a free port of the host`."""
    if not inside.isdecimal():
        return f"ports `{inside}` of the container on free ports of the host"
    return f"port {inside} of the container on a free port of the host"


def several(body: Any) -> bool:
    """Whether the ports of a service are written for both protocols, or as a range: then more than one number
    has to change.
    """
    written = str(body.get("ports")) if isinstance(body, dict) else ""
    return "udp" in written or re.search(r"\d\s*-\s*\d", written) is not None


def reach(service: Service, on_host_network: Collection[str] = ()) -> str:
    """Where a client on the machine and one in another container connect. `on_host_network`: the services for
    which `localhost` is the machine.
    """
    me, ports = service.name, service.ports
    plain = all(not p.unless and p.inside and p.protocol == "tcp" and "$" not in p.address for p in ports)
    if not plain or len(ports) > MOST or len({port.local for port in ports}) > 1:
        return ""
    outer = [f"`{_host(port)}:{port.host}`{_onward(port, service.image.text)}" for port in ports]
    also = " and from a container with `network_mode: host`" if on_host_network else ""
    text = f"from the machine that Compose runs on{also} it is {listing(outer)}."
    if ports[0].local:
        text += " Other machines do not reach it there, as it is published on the loopback address only."
    inner = listing(dict.fromkeys(f"`{me}:{port.inside}`" for port in ports), "or")
    which = "such a" if on_host_network else "another"
    return (
        f"{text} A container on the same Compose network uses the service name and the inner port: {inner}."
        f" `localhost` in {which} container would be that container itself."
    )


def _host(port: Port) -> str:
    return "localhost" if not port.address or port.local else port.address


def _onward(port: Port, image: str) -> str:
    """What stands behind an address: the inner port where it is another one, and what is known of it."""
    parts = [f"port {port.inside} in the container"] if port.inside != port.host else []
    if purpose := known_port(image, port):
        parts.append(f"by the image's defaults {purpose}")
    return f" ({', '.join(parts)})" if parts else ""


def taken(service: Service, others: list[Service], environment: Environment) -> str:
    """How the first port is moved, and what of the file refers to it; "" where another service has it."""
    port, me = service.ports[0], service.name
    if any(one.host == port.host for other in others for one in other.ports):
        return ""
    used = {one.host for other in (service, *others) for one in other.ports}
    numbers = (int(port.host) + step for step in (10_000, 20_000, -10_000, 1_000, -1_000))
    free = Port(
        next((str(number) for number in numbers if 1024 < number < 65_536 and str(number) not in used), ""),
        port.inside,
        "",
        port.address,
        port.protocol,
    )
    if not free.host:
        return ""
    example = f'```yaml\nservices:\n  {me}:\n    ports:\n      - "{free.entry}"\n```'
    text = (
        f"port {port.host} of the host belongs to `{me}`, which maps it to {port.inside} in the container."
        f" Change the number of the host only:\n\n{example}\n\n"
    )
    if port.protocol == "tcp" and (not port.address or port.local):
        text += f"Then connect to `localhost:{free.host}`. "
    text += f"Containers that use `{me}:{port.inside}` on the Compose network are not affected."
    if environment.on_host_network:
        text += " One with `network_mode: host` uses the port of the host, and has to follow."
    if named := environment.on_host(port.host):
        values = listing(
            f"`{variable}` of `{name}`" for name, variables in named.items() for variable in variables
        )
        verb = "holds" if sum(map(len, named.values())) == 1 else "hold"
        text += f" But {values} {verb} `localhost` with port {port.host}: adapt that, too, where it is meant"
        text += " for the host."
    return f"{text} Clients outside of Compose that use port {port.host} have to follow."
