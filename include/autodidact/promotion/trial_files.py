"""Which versions a cycle has brought to the server to measure them there: a file each, `<system>/trial/`.

A file is written before its version is brought, and goes when the version is off the server, or reigns. So a
process that is killed in between leaves a file, by which the next sweep (deploy.py) takes the version off.
"""

from autodidact import lease
from autodidact.errors import AutodidactError
from autodidact.records import Champion
from autodidact.store import Store


def _folder(system: str) -> str:
    return f"{system}/trial"


def write(store: Store, system: str, champion: Champion, lease_key: str) -> None:
    """Notes a version that is measured for as long as the lease is somebody's."""
    record = {"format": 1, "lease": lease_key, "version": champion.model_dump(mode="json")}
    store.write_json(f"{_folder(system)}/{champion.version}.json", record)


def idle(store: Store, system: str) -> dict[str, Champion]:
    """The versions, by name, that were brought to be measured and are not being measured now. A damaged file
    is left out, and stays.
    """
    found = {}
    for key in store.list(_folder(system)):
        try:
            record = store.read_json(key)
            version, holder = Champion.model_validate(record["version"]), str(record["lease"])
        except (AutodidactError, KeyError, TypeError, ValueError):
            continue
        if not lease.is_taken(store, holder):
            found[version.version] = version
    return found


def forget(store: Store, system: str, version: str) -> None:
    """The version is off the server, or in service."""
    key = f"{_folder(system)}/{version}.json"
    if store.exists(key):
        store.delete(key)
