"""Which values of variables are addresses of services."""

import re

# A host where an address may have one, and its port.
_ADDRESS = re.compile(r"(?:^|//|@)([A-Za-z][\w.-]*)(?::(\d{2,5}))?(?=[/,;?]|$)")


def addresses(values: dict[str, str], hosts: set[str]) -> dict[str, tuple[str, str]]:
    """Variable -> (host, port or "") where a value is the address of one of these hosts. What else stands in
    a value, a user or a password, is not read.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        for match in _ADDRESS.finditer(value[:300]):
            if match[1].split(".")[0] in hosts:
                found.setdefault(name, (match[1].split(".")[0], match[2] or ""))
    return found
