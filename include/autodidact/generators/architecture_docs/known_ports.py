"""What official images have on a port of theirs, as their own documentation says."""

from autodidact.shipped_tables import read_table
from autodidact.sources.documents.compose_values import Port

_PORTS: dict[str, dict[str, str]] = read_table(__file__, "known_ports.yaml")


def known_port(image: str, port: Port) -> str:
    """What an image has on a port by default: "AMQP"; "" where that is not known."""
    name, _, tag = image.removeprefix("docker.io/").removeprefix("library/").partition(":")
    purpose = _PORTS.get(name, {}).get(port.inside, "")
    return "" if "management" in purpose and "management" not in tag else purpose
