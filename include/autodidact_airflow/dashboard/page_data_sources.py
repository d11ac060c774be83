"""Where the page reads from: the Chronicle and the store of this deployment."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError, UsageError
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle
    from autodidact.cycle.record import Cycle


@lru_cache(maxsize=4)
def _chronicle(url: str) -> "Chronicle":
    from autodidact.chronicle import Chronicle

    return Chronicle(url)


@lru_cache(maxsize=4)
def _store(url: str) -> Store:
    return Store(url)


@dataclass
class Here:
    """One request's view of one system. `system` is None while the Chronicle has no cycle at all."""

    chronicle: "Chronicle"
    systems: list[str]
    system: str | None

    @cached_property
    def store(self) -> Store:
        """Raises AutodidactError where the store's address cannot be used."""
        from autodidact_airflow.runtime_from_connections import store_url

        return _store(store_url())

    def cycle(self, name: str) -> dict[str, Any]:
        """The Chronicle's row of a cycle. Raises UsageError for an unknown one."""
        return self.chronicle.cycle(self.known(), name)

    def known(self) -> str:
        """The system's name. Raises UsageError while there is none."""
        if self.system is None:
            raise UsageError("there is no cycle yet", "Trigger the DAG autodidact_cycle.")
        return self.system

    def frozen(self, row: dict[str, Any]) -> "Cycle":
        """The cycle as it was frozen, from its row. Raises AutodidactError for one that is damaged."""
        from pydantic import ValidationError

        from autodidact.cycle.record import Cycle

        try:
            return Cycle.model_validate(row["cycle"])
        except ValidationError as error:
            fields = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
            raise AutodidactError(
                f"the Chronicle's record of cycle {row['cycle_id']} cannot be read: {fields}",
                "Run `autodidact chronicle rebuild`.",
            ) from None

    def stored(self, cycle_id: str, name: str) -> Any:
        """A JSON file of a cycle, such as `verdict.json`; None where it is not there, or the store is away
        (then `trouble` says so).
        """
        key = f"{self.system}/cycles/{cycle_id}/{name}"
        try:
            return self.store.read_json(key) if self.store.exists(key) else None
        except AutodidactError as error:
            self.trouble = str(error)
            return None

    trouble: str | None = None


def here(system: str | None = None) -> Here:
    """The Chronicle and the chosen system; without a name that of the newest cycle. Raises UsageError for an
    unknown system, AutodidactError where the Chronicle does not answer.
    """
    from autodidact_airflow.runtime_from_connections import chronicle_url

    chronicle = _chronicle(chronicle_url())
    systems = chronicle.systems()
    if system is not None and system not in systems:
        raise UsageError(f"the Chronicle knows no system {system!r}", "Choose one of the list.")
    return Here(chronicle, systems, system or (systems[0] if systems else None))
