"""What a generator sees in a cycle: the living system at the cycle's `until`, whole or in parts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from autodidact.generators.parts_by_repository import FIRST, parts_of
from autodidact.knowledge import new_since_earlier_cycles, teaching_priorities
from autodidact.knowledge.new_since_earlier_cycles import Earlier
from autodidact.runtime import Runtime
from autodidact.sources.forgotten_sources import load as load_forgotten
from autodidact.sources.forgotten_sources import readable
from autodidact.sources.more_repositories import CacheOf, of_one_repository
from autodidact.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle, Repository


def snapshot_of(cycle: "Cycle", runtime: Runtime, name: str) -> Snapshot:
    """The living system as the generator of this name sees it; of several repositories
    `sources.repository`. The caller closes its repository.
    """
    return System(cycle, runtime, name).part(FIRST)


def snapshots_of(cycle: "Cycle", runtime: Runtime, name: str) -> Iterator[Snapshot]:
    """The living system in the parts that the generator of this name reads it in, often only one. The caller
    closes the repository of each.
    """
    system = System(cycle, runtime, name)
    for part in parts_of(cycle, name) or [FIRST]:
        yield system.part(part)


class System:
    """The parts of the living system, as one generator sees them. What they share is read once."""

    def __init__(self, cycle: "Cycle", runtime: Runtime, name: str):
        self._cycle, self._runtime, self._name = cycle, runtime, name

    def part(self, part: str) -> Snapshot:
        """One part (parts_by_repository.py). The caller closes its repository."""
        from autodidact.sources.git.repository import Repository

        here = self._cycle.repository(None if part == FIRST else part)
        if part != FIRST:
            assert here is not None
            return self._of_named(here)
        return replace(
            self._shared,
            repository=Repository(here["path"], here["commit"], forgotten=self._shared.forgotten)
            if here
            else None,
            steered=teaching_priorities.of_repository(self._shared.steered, None),
            part=self._place(part),
            read={},
            new=set(),
            _unknown=set(),
        )

    def _place(self, part: str) -> tuple[int, int]:
        names = parts_of(self._cycle, self._name) or [part]
        return names.index(part), len(names)

    @cached_property
    def _shared(self) -> Snapshot:
        """The snapshot without a repository."""
        cycle, store, name = self._cycle, self._runtime.store, self._name
        here, forgotten = cycle.repository(), load_forgotten(store, cycle.system)
        champion, previous = (cycle.compared.get(which) for which in ("champion", "previous"))
        return Snapshot(
            system=cycle.system,
            # The window's: a second try of it, `-2`, makes the same examples.
            cycle_id=cycle.cycle_id[:16],
            seed=cycle.seed,
            since=datetime.fromisoformat(cycle.since) if cycle.since else None,
            until=datetime.fromisoformat(cycle.until),
            settings=readable(cycle.effective(self._runtime.settings), forgotten),
            cache=self._runtime.cache,
            previous_commit=here["previous"] if here else None,
            champion_commit=cycle.champion_commit,
            feedback=cycle.feedback,
            history=cycle.history,
            champion=new_since_earlier_cycles.earlier(store, cycle.system, champion, name),
            previous=new_since_earlier_cycles.earlier(store, cycle.system, previous, name),
            steered=teaching_priorities.steered(store, cycle.system, cycle.ledger, name),
            forgotten=forgotten,
        )

    def _of_named(self, here: "Repository") -> Snapshot:
        """The part of one of `sources.repositories`: that repository and nothing else."""
        from autodidact.sources.git.repository import Repository

        shared, name = self._shared, here["name"]
        forgotten = shared.forgotten.within(name)
        # Git is compared by its commits; of other sources there are none here, and were none before.
        champion = shared.champion if shared.champion and shared.champion.lost else None
        if champion is None and here["champion"]:
            champion = Earlier(here["champion"], {})
        return replace(
            shared,
            since=datetime.fromisoformat(here["since"]) if here["since"] else None,
            settings=of_one_repository(shared.settings, here["path"]),
            cache=CacheOf(self._runtime.store, name),
            repository=Repository(here["path"], here["commit"], forgotten=forgotten),
            repository_name=name,
            part=self._place(name),
            previous_commit=here["previous"],
            champion_commit=here["champion"],
            champion=champion,
            previous=Earlier("", {}) if here["previous"] else None,
            steered=teaching_priorities.of_repository(shared.steered, name),
            forgotten=forgotten,
            read={},
            new=set(),
            _unknown=set(),
        )
