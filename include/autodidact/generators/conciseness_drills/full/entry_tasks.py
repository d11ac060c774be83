"""Tasks about a thing of the graph or a goal: what is stated of it, out of a long-winded text."""

from collections.abc import Iterator

from autodidact.generators.conciseness_drills.full.entries import Entry
from autodidact.generators.conciseness_drills.full.long_winded_texts import Rambler
from autodidact.generators.conciseness_drills.full.task_base import Tasks, ask
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot


class EntryTasks(Tasks):
    """Examples of entries."""

    def __init__(self, entries: list[Entry], snapshot: Snapshot):
        super().__init__(snapshot)
        self.entries = entries

    def kinds(self) -> dict[str, Iterator[Example]]:
        """Kind -> its examples."""
        return {"entry": self._entries()}

    def _entries(self) -> Iterator[Example]:
        for one in self.rng("entry").sample(self.entries, len(self.entries)):
            rng = self.rng("entry", one.source["kind"], one.name)
            rambler = Rambler(f"`{one.name}`", (), rng)
            write = rng.choice((rambler.message, rambler.message, rambler.thread))
            mixed = rng.sample(one.facts(), len(one.predicates))
            kind, answer = rng.choice((("entry", one.summary()), ("entry_line", one.line())))
            asked = ask(kind, rng, text=write(mixed), topic=rambler.topic)
            yield self.row(rng, asked, answer, one.source, keeps=True)
