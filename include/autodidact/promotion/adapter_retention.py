"""Which adapters are kept once they no longer serve: the newest `deploy.keep`, and what a rollback needs."""

from autodidact.chronicle import Chronicle
from autodidact.settings import Settings
from autodidact.store import Store


def prune(chronicle: Chronicle, store: Store, settings: Settings, system: str) -> list[str]:
    """Deletes the adapters of archived and rejected versions but the newest `deploy.keep` of them; their
    names. None set: keeps all.
    """
    if settings.deploy.keep is None:
        return []
    kept = set(chronicle.reigns(system)[-2:])  # the champion, and the one that a rollback brings back
    idle = [
        row
        for row in chronicle.versions(system)
        if row["state"] in ("archived", "rejected") and row["adapter"]
    ]
    idle = sorted(
        reversed(idle), key=lambda row: row["since"], reverse=True
    )  # of the same second, the one registered last is the newest
    gone = [
        row
        for row in idle[settings.deploy.keep :]
        if row["version"] not in kept and store.exists(row["adapter"]["path"])
    ]
    for row in gone:
        store.delete(row["adapter"]["path"])
        chronicle.event(
            system,
            "pruned",
            f"the adapter of {row['version']}, {row['state']} since {row['since']}, was deleted"
            " (deploy.keep)",
        )
    return [row["version"] for row in gone]
