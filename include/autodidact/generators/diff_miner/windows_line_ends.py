"""Patches of files whose lines end as on Windows."""


def with_plain_ends(patch: str) -> str | None:
    """The patch with plain line ends; None where line ends are what changed, so that the same text is removed
    and added, or where carriage returns stand within lines.
    """
    if "\r" not in patch:
        return patch
    lines = patch.split("\n")
    plain = [line.removesuffix("\r") for line in lines]
    if any("\r" in line for line in plain):
        return None
    ends: dict[str, dict[str, set[bool]]] = {"-": {}, "+": {}}
    for line, bare in zip(lines, plain, strict=True):
        if line[:1] in ends and bare[1:].strip():
            ends[line[0]].setdefault(bare[1:], set()).add(line != bare)
    both = ends["-"].keys() & ends["+"].keys()
    return None if any(ends["-"][text] != ends["+"][text] for text in both) else "\n".join(plain)
