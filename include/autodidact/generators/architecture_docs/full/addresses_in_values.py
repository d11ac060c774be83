"""Which values of variables are addresses of services."""

import re

# A host where an address may have one, and its port.
_ADDRESS = re.compile(r"(?:^|//|@)([A-Za-z][\w.-]*)(?::(\d{2,5}))?(?=[/,;?]|$)")
# What a variable holds that is a name, and none of a service: `POSTGRES_DB`.
_OTHER = re.compile(
    r"(?:\A|_)(?:DB|DATABASE|DBNAME|NAME|USER|USERNAME|PASSWORD|SCHEMA|TABLE|QUEUE|TOPIC|BUCKET)\Z",
    re.IGNORECASE,
)


def addresses(values: dict[str, str], hosts: set[str]) -> dict[str, tuple[str, str]]:
    """Variable -> (host, port or "") where a value is the address of one of these hosts. What else stands in
    a value, a user or a password, is not read.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        if _OTHER.search(name) and value in hosts:
            continue
        for match in _ADDRESS.finditer(value[:300]):
            if match[1].split(".")[0] in hosts:
                found.setdefault(name, (match[1].split(".")[0], match[2] or ""))
    return found
