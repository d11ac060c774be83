"""`champion.json`: what a server should serve, as the Chronicle has it."""

from typing import Any

from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.chronicle.version_states import now
from autodidact.errors import AutodidactError
from autodidact.records import Champion, instant
from autodidact.store import Store


def champion_record(row: dict[str, Any]) -> Champion:
    """A version's row as the record that servers read. Its adapter's path is a key of the store, so that the
    store can move.
    """
    fields = {name: row[name] for name in ("version", "base", "adapter", "quantization", "cycle_id")}
    return Champion(
        **fields, promoted_at=instant(row.get("promoted_at") or now()), generation=row.get("generation")
    )


def publish(chronicle: Chronicle, store: Store, champion: dict[str, Any]) -> bool:
    """Writes `<system>/champion.json` if it says something else than the Chronicle; whether it did.

    The journal comes first: whatever champion.json says, the store can tell how it came to that.
    """
    journal_in_store.write(chronicle, store, champion["system"])
    key, record = f"{champion['system']}/champion.json", champion_record(champion).model_dump(mode="json")
    if store.exists(key):
        try:
            if store.read_json(key) == record:
                return False
        except AutodidactError:
            pass  # damaged: written anew
    store.write_json(key, record)
    return True
