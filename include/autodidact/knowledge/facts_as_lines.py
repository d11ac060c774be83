"""Facts as lines of JSON, read when they are asked for: a fact takes several times less memory as a line than
as a record, and a system of a hundred repositories has half a million of them.
"""

from collections.abc import Iterable, Iterator, Mapping

from autodidact.knowledge.fact import Fact


class FactLines:
    """Facts in the order in which they were added."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, bytes]] = []

    def add(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self._rows.append((fact.generator, fact.kind, fact.subject, _line(fact)))

    def __iter__(self) -> Iterator[Fact]:
        return (_fact(line) for *_, line in self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def sorted(self) -> Iterator[Fact]:
        """By generator, kind and subject."""
        return (_fact(line) for *_, line in sorted(self._rows, key=lambda row: row[:3]))


class FactsById(Mapping[str, Fact]):
    """Facts by their ids; of two with one id the later."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._lines = {fact.id: _line(fact) for fact in facts}

    def __getitem__(self, id: str) -> Fact:
        return _fact(self._lines[id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _line(fact: Fact) -> bytes:
    return fact.model_dump_json().encode()


def _fact(line: bytes) -> Fact:
    return Fact.model_validate_json(line)
