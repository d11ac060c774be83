"""Volumes of a Compose file's services in prose: where data are, and what becomes of them."""

from typing import Any

from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.documents.compose import Service
from autodidact.sources.json_of_expected_type import dict_of

# Volumes of one service in an answer.
MOST = 3


def kept(service: Service, body: Any, declared: Any, mounters: dict[str, list[str]]) -> str:
    """Which named volumes a service mounts where, and what deletes them; "" where a volume lies in a folder
    or on another machine, or is mounted for reading. `declared`: the file's `volumes`; `mounters`: volume ->
    the other services that mount it.
    """
    places = _places(body)
    options = [dict_of(dict_of(declared).get(name)) for name in service.volumes]
    if len(service.volumes) > MOST or any(one.get("driver_opts") or one.get("driver") for one in options):
        return ""
    if not all(places.get(name) for name in service.volumes):
        return ""
    named = listing(f"`{name}` at `{places[name]}`" for name in service.volumes)
    several = len(service.volumes) > 1
    text = f"`{service.name}` mounts the named volume{'s' * several} {named}. What is written there outlives"
    text += " the container: `docker compose down` keeps it"
    external = [bool(one.get("external")) for one in options]
    if all(external):
        text += (
            f", and so does `docker compose down -v`, as the volume{'s are' if several else ' is'} external."
        )
    elif any(external):
        return ""
    else:
        text += ", `docker compose down -v` deletes it, with every other volume that the project has made."
    shared = [f"`{name}` with {listing(f'`{o}`' for o in mounters[name])}" for name in mounters]
    return f"{text} It shares {listing(shared)}." if shared else text


def _places(body: Any) -> dict[str, str]:
    """Volume -> where it is mounted for writing."""
    listed = dict_of(body).get("volumes")
    found: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            source, target, read_only = one.get("source"), one.get("target"), one.get("read_only")
        else:
            source, target, *mode = [*str(one).split(":"), "", ""]
            read_only = "ro" in mode[0].split(",")
        if isinstance(source, str) and isinstance(target, str) and not read_only and "$" not in target:
            found[source] = target
    return found
