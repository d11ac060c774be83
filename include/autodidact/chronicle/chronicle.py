"""`Chronicle`: writes and reads the log of record. Rows of cycles: cycle_rows.py."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import func, select

import autodidact.chronicle.connection as database
import autodidact.chronicle.erase_forgotten_texts as erasing
import autodidact.chronicle.journal_rows as journal_rows
import autodidact.chronicle.queries as overview
import autodidact.chronicle.tables as tables
import autodidact.chronicle.version_states as versions
from autodidact.chronicle.cycle_rows import CycleRows
from autodidact.errors import AutodidactError, Unavailable


class UnderWay(Unavailable):
    """Another process is promoting, rolling back or recovering the same system."""


class Chronicle(CycleRows):
    """The log at `url` (settings `chronicle.url`), with the newest schema. A context manager; holds no
    connection between calls.

    Raises UsageError for a URL that is none, AutodidactError (one line, no password) when the database cannot
    be used. Every method may raise the latter. Rows come back as dicts, moments in them as ISO text in UTC.
    """

    def __init__(self, url: str):
        self._url = database.parse(url)
        self.name = database.describe(self._url)
        self._engine = database.connect(self._url)
        database.upgrade(self._engine)

    def __enter__(self) -> "Chronicle":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    # Versions

    def register_version(
        self,
        system: str,
        version: str,
        cycle_id: str,
        base: dict,
        adapter: dict | None,
        quantization: str,
        refs: dict | None = None,
        by: str = "autodidact",
    ) -> bool:
        """Adds an immutable version in state `candidate`; False when this very version is there.

        `base`: {"id", "revision", "sha256"}; `adapter`: {"path" (a store key), "sha256" (folder digest)} or
        None; `refs`: store keys of
        manifest and report. Raises AutodidactError when the name stands for something else.
        """
        row = {
            "system": system,
            "version": version,
            "cycle_id": cycle_id,
            "base": base,
            "adapter": adapter,
            "quantization": quantization,
            "refs": refs or {},
        }
        with database.writing(self._engine, system) as connection:
            return versions.register(connection, row, by)

    def set_state(self, system: str, version: str, state: str, by: str, reason: str) -> bool:
        """Moves a version to `state` (`versions.TRANSITIONS`); False when it is there. AutodidactError when
        that is not allowed.
        """
        with database.writing(self._engine, system) as connection:
            return versions.change(connection, system, version, state, by, reason)

    def swap_champion(self, system: str, expected: str | None, new: str, by: str, reason: str) -> bool:
        """Makes `new` (promoting) the champion if `expected` still is, in one transaction with both states;
        else False.
        """
        with database.writing(self._engine, system) as connection:
            return versions.swap(connection, system, expected, new, by, reason)

    def champion(self, system: str) -> dict | None:
        """The champion's version row with `generation` and `promoted_at`; None before the first."""
        with database.reading(self._engine) as connection:
            return overview.champion(connection, system)

    def reigning(self, system: str) -> dict:
        """The champion's row, as `champion` returns it. Raises AutodidactError before the first."""
        champion = self.champion(system)
        if champion is None:
            raise AutodidactError(f"{system} has no champion", "Run a cycle first.")
        return champion

    def version(self, system: str, version: str) -> dict:
        """A version with its present `state`. Raises UsageError for one that was never registered."""
        with database.reading(self._engine) as connection:
            versions.state_of(connection, system, version)
            return versions.listing(connection, system, version)[0]

    def versions(self, system: str, state: str | None = None) -> list[dict]:
        """The system's versions, oldest first, with their present states."""
        with database.reading(self._engine) as connection:
            return [row for row in versions.listing(connection, system) if state in (None, row["state"])]

    def states(self, system: str, version: str) -> list[dict]:
        """Every state the version has had: who, why, when; oldest first."""
        with database.reading(self._engine) as connection:
            return versions.history_of(connection, system, version)

    def reigns(self, system: str, by: str | None = None) -> list[str]:
        """The system's champions in order, of `by` alone those that it made; a version that came back is
        named again.
        """
        with database.reading(self._engine) as connection:
            return overview.reigns(connection, system, by)

    # Deployments and events

    def record_deployment(
        self, system: str, version: str, kind: str, state: str, by: str, reason: str = ""
    ) -> None:
        """`state`: deploying (written before the server is touched), verified, failed, retired (taken off the
        server).
        """
        row = {
            "system": system,
            "version": version,
            "kind": kind,
            "state": state,
            "by": by,
            "reason": reason,
            "at": versions.now(),
        }
        with database.writing(self._engine) as connection:
            connection.execute(tables.deployments.insert().values(row))

    def last_deployment(self, system: str) -> dict | None:
        """The newest row that says what the server was given; what was taken off it does not count."""
        with database.reading(self._engine) as connection:
            return overview.last_deployment(connection, system)

    def deployed(self, system: str) -> dict[str, str]:
        """Every version that was ever brought to the server, with the state of its newest deployment."""
        with database.reading(self._engine) as connection:
            return overview.deployed(connection, system)

    def deployments(self, system: str, limit: int = 50) -> list[dict]:
        """Newest first."""
        with database.reading(self._engine) as connection:
            return overview.newest(connection, tables.deployments, system, limit)

    def event(
        self, system: str, kind: str, message: str, cycle_id: str | None = None, data: dict | None = None
    ) -> None:
        row = {
            "system": system,
            "cycle_id": cycle_id,
            "kind": kind,
            "message": message,
            "data": data or {},
            "at": versions.now(),
        }
        with database.writing(self._engine) as connection:
            connection.execute(tables.events.insert().values(row))

    def newest_event(self, system: str, kind: str) -> dict | None:
        """The last event of that kind; None when there was none."""
        with database.reading(self._engine) as connection:
            return overview.newest_event(connection, system, kind)

    def events(self, system: str, limit: int = 50) -> list[dict]:
        """Newest first."""
        with database.reading(self._engine) as connection:
            return overview.newest(connection, tables.events, system, limit)

    # What the store keeps of the Chronicle, and gives back (journal_in_store.py)

    def rows(self, system: str) -> list[dict]:
        """Every row of the system that the Chronicle alone makes, as records: {"table", its columns}."""
        with database.reading(self._engine) as connection:
            return journal_rows.of_system(connection, system)

    def restore(self, system: str, journal: Iterable[dict]) -> int:
        """Adds rows of the journal that are missing here, all of them or, killed, none. Returns how many."""
        with database.writing(self._engine, system) as connection:
            return journal_rows.restore(connection, system, journal)

    def restore_champion(self, system: str, version: str, generation: int | None, at: str) -> bool:
        """Points the system at a version that the store says is its champion; False when it is there. Only
        `rebuild` may.
        """
        with database.writing(self._engine, system) as connection:
            return journal_rows.restore_champion(connection, system, version, generation, at)

    # Forgetting a source (erase_forgotten_texts.py)

    def erasable(self, system: str, clean: erasing.Clean, goes: erasing.Goes) -> dict[str, int]:
        """How many rows of each table would change or go."""
        return erasing.counts(self._engine, system, clean, goes)

    def erase(
        self,
        system: str,
        clean: erasing.Clean,
        goes: erasing.Goes,
        *,
        imported: Collection[str],
        cycles: Mapping[str, dict[str, Any]],
        dropped: Collection[str],
    ) -> dict[str, int]:
        """Takes texts out of the system's rows, and whole rows; how many of each table. What the cycles
        `imported` imported goes, to be imported again. Raises Unavailable while another process reads.
        """
        return erasing.erase(
            self._engine, system, clean, goes, imported=imported, cycles=cycles, dropped=dropped
        )

    # For the command and the dashboard

    def ask(self, query: Callable[..., Any], *arguments: Any) -> Any:
        """What a function of dashboard_queries.py returns: `query(connection, *arguments)`."""
        with database.reading(self._engine) as connection:
            return query(connection, *arguments)

    def systems(self) -> list[str]:
        """Every system the Chronicle has a cycle of, the one with the newest cycle first."""
        names = tables.cycles.c.system
        query = select(names).group_by(names).order_by(func.max(tables.cycles.c.at).desc(), names)
        with database.reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def describe(self) -> str:
        """The database's address without password and query (either may hold a secret)."""
        return self.name

    def history(self, system: str, limit: int = 20, offset: int = 0) -> list[dict]:
        """One dict a cycle, newest window first, after the `offset` newest: window, outcome, verdict, scores
        of candidate and champion, version and its state.
        """
        with database.reading(self._engine) as connection:
            return overview.history(connection, system, limit, offset)

    def latest_reports(self, system: str, n: int = 30) -> list[dict]:
        """The newest report of each role in the system's last `n` cycles, oldest window first: overall,
        categories, probe; no items.
        """
        with database.reading(self._engine) as connection:
            return overview.latest_reports(connection, system, n)

    def introspection(self, system: str) -> dict:
        """What the generator `consciousness` may know: scores and outcomes, never an item's text."""
        with database.reading(self._engine) as connection:
            return overview.introspection(connection, system)

    def stages(self, system: str, cycle_id: str) -> dict[str, list[dict]]:
        """The newest run of each stage of a cycle: {"generators": [...], "gate": [...], "training":
        [...]}."""
        with database.reading(self._engine) as connection:
            return overview.stages(connection, system, cycle_id)

    def items(self, report: str) -> list[dict]:
        """The items of the report with that hash (`sha256` of a benchmark row), in its order."""
        with database.reading(self._engine) as connection:
            return overview.items(connection, report)

    @contextmanager
    def promotion_lock(self, system: str) -> Iterator[None]:
        """Only one promotion, rollback or recovery of a system at a time. Raises UnderWay when there is
        one."""
        held: AbstractContextManager[bool] = database.exclusive(self._engine, f"promotion of {system}")
        with held as mine:
            if not mine:
                raise UnderWay(
                    f"another promotion of {system} is under way",
                    "Run the same command again when it has ended.",
                )
            yield
