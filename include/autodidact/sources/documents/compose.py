"""The services of a docker-compose file. Values of the environment are not read."""

import re
from dataclasses import dataclass

from autodidact.sources.table_files import load_yaml
from autodidact.stage import Troubles


@dataclass(frozen=True)
class Service:
    """A service of a compose file. `ports` are the published ones, of the host; `inside` those of the
    container that they lead to.
    """

    name: str
    image: str = ""
    ports: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    build: str = ""


def compose(text: str, ref: str, troubles: Troubles) -> list[Service]:
    """The services of a docker-compose file, by name. Whatever has another shape than the compose
    specification's is left out.
    """
    content = load_yaml(text, ref, troubles)
    services = content.get("services") if isinstance(content, dict) else None
    if not isinstance(services, dict):
        return []
    found = []
    for name, body in sorted(services.items()):
        if not isinstance(body, dict):
            troubles.add("not a service", f"{ref}#{name}")
            continue
        image, build = body.get("image"), body.get("build")
        build = build.get("context") if isinstance(build, dict) else build
        ports = [pair for pair in map(_published, _listed(body.get("ports"))) if pair[0]]
        found.append(
            Service(
                name=name,
                image=image if isinstance(image, str) and "$" not in image else "",
                ports=tuple(port for port, _ in ports),
                inside=tuple(port for _, port in ports),
                depends_on=tuple(sorted(str(other) for other in _listed(body.get("depends_on")))),
                volumes=tuple(
                    volume for volume in map(_named_volume, _listed(body.get("volumes"))) if volume
                ),
                networks=tuple(sorted(str(network) for network in _listed(body.get("networks")))),
                build=build if isinstance(build, str) and "$" not in build else "",
            )
        )
    return found


def _listed(value) -> list:
    return list(value) if isinstance(value, (list, dict)) else []


def _published(port) -> tuple[str, str]:
    """(port of the host, port of the container) of "8080:80", "127.0.0.1:8080:80/tcp" or {"published": 8080};
    "" for ranges, variables and random ones.
    """
    if isinstance(port, dict):
        text, inside = str(port.get("published") or ""), str(port.get("target") or "")
    else:
        parts = str(port).split("/")[0].split(":")
        text, inside = (parts[-2], parts[-1]) if len(parts) > 1 else ("", "")
    return text if text.isdecimal() else "", inside if inside.isdecimal() else ""


def _named_volume(volume) -> str:
    if isinstance(volume, dict):
        return str(volume.get("source") or "") if volume.get("type") == "volume" else ""
    name = str(volume).split(":")[0]
    return name if ":" in str(volume) and re.fullmatch(r"[\w-][\w.-]*", name) else ""
