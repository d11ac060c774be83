"""What a cycle freezes when it is opened: models, commits, feedback, what is replayed, what is drawn."""

import secrets
from datetime import datetime
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.cycle.record import Base, Cycle, Draw, Replayed, Repository
from autodidact.cycle.window import Window
from autodidact.errors import UsageError
from autodidact.knowledge import new_since_earlier_cycles
from autodidact.ledger import facts_to_teach
from autodidact.promotion import change_champion
from autodidact.promotion.next_cycle_settings import steer
from autodidact.records import Champion, canonical, cycle_id, instant, sha256
from autodidact.settings import Settings
from autodidact.store import Store

# Earlier cycles whose kept examples are replayed.
REPLAYED_CYCLES = 3


def freeze(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, name: str, kind: str, window: Window
) -> Cycle:
    """The cycle as it will be written."""
    until = instant(window.until)
    base, champion = _models(store, chronicle, settings, system, window.keep_base)
    earlier = _earlier(chronicle, system, until)
    before = new_since_earlier_cycles.followed(store, system, earlier[0] if earlier else None)
    start = window.since
    if kind == "live":
        start = datetime.fromisoformat(before["until"]) if before else None
    follows = before["cycle_id"] if kind == "live" and before else None
    repositories = _repositories(settings, store, system, start, window.until, follows)
    repositories += _more_repositories(settings, store, system, start, window.until, follows, champion)
    gone = chronicle.versions(system, state="withdrawn")
    feedback = _feedback(store, system, earlier, gone) if settings.feedback else {}
    settings, lever = steer(settings, feedback)
    frozen = settings.frozen()
    return Cycle(
        cycle_id=name,
        system=system,
        kind=kind,
        since=instant(start) if start else None,
        until=until,
        # The window's, not the try's: `-2` makes the same examples.
        seed=int(sha256(f"{system}/{cycle_id(window.until)}")[:8], 16),
        settings=frozen,
        settings_sha256=sha256(canonical(frozen)),
        repositories=repositories,
        base=base,
        champion=champion,
        champion_commit=_trained_at(store, system, champion) if repositories else None,
        compared=_compared(
            store,
            system,
            champion.cycle_id if champion.adapter else None,
            before["cycle_id"] if before else None,
            trains=_withdrawn_since(chronicle, system, gone),
        ),
        ledger=_ledger(store, system, earlier, champion) if settings.feedback else {},
        feedback=feedback,
        history=_history(chronicle, system, until),
        replay=_replay(store, system, earlier, settings.generators.register),
        benchmark=_benchmark(store, chronicle, settings, system, name, window.until),
        lever=lever,
    )


def _models(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, keep_base: bool
) -> tuple[Base, Champion]:
    """The base, registered, and the champion. Raises UsageError when the champion is of another base."""
    from autodidact.models.find_base_model import resolve_base

    kept = (chronicle.champion(system) or {}).get("base") if keep_base else None
    # Before it is downloaded.
    _require_base(kept, system, id=settings.base_model.partition("@")[0])
    base = resolve_base(settings)
    _require_base(kept, system, sha256=base.sha256)
    change_champion.register_base(chronicle, store, settings, system, base)
    champion = Champion.model_validate(store.read_json(f"{system}/champion.json"))
    if champion.base["sha256"] != base.sha256:
        raise UsageError(
            f"The champion {champion.version} was trained on {champion.base['id']}, and base_model is now"
            f" {base.id}, another model",
            "Set base_model back, or begin anew under another `system` name.",
        )
    return {"id": base.id, "revision": base.revision, "sha256": base.sha256}, champion


def _require_base(kept: dict[str, Any] | None, system: str, **given: str) -> None:
    """Raises UsageError where `given`, an id or a sha256, is not that of the base model `kept`: a model that
    nobody has measured would serve.
    """
    if kept and any(kept[name] != value for name, value in given.items()):
        raise UsageError(
            f"{system} is built on {kept['id']}, and only its deployment can change that",
            "Leave base_model out, or set it in autodidact.toml or as AUTODIDACT_BASE_MODEL.",
        )


def _earlier(chronicle: Chronicle, system: str, until: str) -> list[dict[str, Any]]:
    """Closed live cycles that ended before `until`, newest first."""
    return [row for row in chronicle.cycles(system, status="closed", kind="live") if row["until"] < until]


def _commit_of(store: Store, system: str, cycle: str | None, repository: str | None = None) -> str | None:
    """The commit that a cycle read of `sources.repository`, or of the repository of this name; None where the
    store has no such cycle, or it read none.
    """
    key = f"{system}/cycles/{cycle}/cycle.json"
    rows = store.read_json(key)["repositories"] if cycle and store.exists(key) else []
    return next((row["commit"] for row in rows if row.get("name") == repository), None)


def _trained_at(store: Store, system: str, champion: Champion, repository: str | None = None) -> str | None:
    """The commit that the champion was trained at; None for the base."""
    return _commit_of(store, system, champion.cycle_id, repository) if champion.adapter else None


def _repositories(
    settings: Settings,
    store: Store,
    system: str,
    since: datetime | None,
    until: datetime,
    follows: str | None,
) -> list[Repository]:
    """The repository with its commits as of `until` and `since`.

    After a live cycle (`follows`) the window begins at the commit which that one read: a commit that was made
    before, and pushed after, is new. Where the history was rewritten and that commit is gone, the date
    counts again.
    """
    from autodidact.sources.git.revisions import commit_at

    path, branch = settings.sources.repository, settings.sources.branch
    if not path:
        return []
    commit = commit_at(path, branch, until)
    read = _commit_of(store, system, follows)
    previous = _window_from(path, branch, commit, read, since)
    return [{"path": str(path), "branch": branch, "commit": commit, "previous": previous}]


def _window_from(
    path: str, branch: str | None, commit: str, read: str | None, since: datetime | None
) -> str | None:
    """The commit at which a window begins: the one that was `read` last, else the one at `since`."""
    from autodidact.sources.git.revisions import is_ancestor, resolve

    if read and is_ancestor(path, read, commit):
        return read
    return resolve(path, branch, since) if since else None


def _more_repositories(
    settings: Settings,
    store: Store,
    system: str,
    since: datetime | None,
    until: datetime,
    follows: str | None,
    champion: Champion,
) -> list[Repository]:
    """Those of `sources.repositories` that had a commit at `until`. One that the cycle before (`follows`) did
    not read is read from its first commit on.
    """
    from autodidact.sources.git.revisions import resolve
    from autodidact.sources.more_repositories import named_repositories

    found: list[Repository] = []
    for name, path in named_repositories(settings).items():
        commit = resolve(path, None, until)
        if commit is None:
            continue
        read = _commit_of(store, system, follows, name)
        start = None if follows and read is None else since
        found.append(
            {
                "path": path,
                "branch": None,
                "commit": commit,
                "previous": _window_from(path, None, commit, read, start),
                "name": name,
                "since": instant(start) if start else None,
                "champion": _trained_at(store, system, champion, name),
            }
        )
    return found


def _history(chronicle: Chronicle, system: str, until: str) -> dict[str, Any]:
    """What the Chronicle knows of the system, without cycles that end later: a window tried twice gets the
    same.
    """
    history = chronicle.introspection(system)
    if not history:
        return {}
    return history | {"cycles": [row for row in history.get("cycles", []) if row["until"] < until]}


def _ledger(store: Store, system: str, earlier: list[dict[str, Any]], champion: Champion) -> dict[str, Any]:
    """The facts that are taught first, because the model in service did not know them, or only for that."""
    return facts_to_teach.frozen(store, system, [row["cycle_id"] for row in earlier], champion)


def _compared(
    store: Store, system: str, champion: str | None, previous: str | None, *, trains: bool
) -> dict[str, Any]:
    """The cycles to compare with. `trains`: the cycle has something to try, whatever the news."""
    found = new_since_earlier_cycles.frozen(store, system, champion, previous)
    if trains and found["previous"]:
        found["previous"]["training"] = None
    return found


def _withdrawn_since(chronicle: Chronicle, system: str, gone: list[dict[str, Any]]) -> bool:
    """Whether a version was withdrawn after the newest cycle was opened: a replacement is to be trained."""
    newest = chronicle.newest_cycle(system)
    return bool(newest and any(row["since"] >= newest["at"] for row in gone))


def _feedback(
    store: Store, system: str, earlier: list[dict[str, Any]], gone: list[dict[str, Any]]
) -> dict[str, Any]:
    """The feedback of the newest earlier cycle that left one; what withdrawn versions (`gone`) scored steers
    nothing.
    """
    without = {row["cycle_id"] for row in gone}
    for row in earlier:
        if row["cycle_id"] in without:
            continue
        if store.exists(key := f"{system}/cycles/{row['cycle_id']}/feedback.json"):
            feedback: dict[str, Any] = store.read_json(key)
            return feedback
    return {}


def _replay(store: Store, system: str, earlier: list[dict[str, Any]], register: str) -> list[Replayed]:
    """What the last cycles kept, so that what was mined from their windows is not forgotten: every adapter
    starts from the base. Of cycles whose examples were written in this register.
    """
    found: list[Replayed] = []
    for row in earlier:
        folder = f"{system}/cycles/{row['cycle_id']}/gate"
        key = f"{folder}/manifest.json"
        if len(found) < REPLAYED_CYCLES and store.exists(key) and _register(store, folder) == register:
            kept = store.read_json(key)["outputs"].get("kept.jsonl")
            if kept:
                found.append({"cycle_id": row["cycle_id"], "sha256": kept["sha256"]})
    return found


def _register(store: Store, folder: str) -> str:
    """How the examples that a gate kept were written. There was one way before reports said so."""
    report = f"{folder}/report.json"
    return str(store.read_json(report).get("register", "drill")) if store.exists(report) else "drill"


def _benchmark(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, name: str, until: datetime
) -> Draw:
    """What the items are drawn by, how many blocks there may be, and how many verdicts the week has had."""
    from autodidact.benchmark.suite import SUITE

    # The ISO week: "2026-W48".
    week = "{}-W{:02}".format(*until.isocalendar()[:2])
    return {
        "suite": SUITE["name"],
        "version": SUITE["version"],
        "level": settings.benchmark.level,
        "week": week,
        "salt": _salt(store, system),
        "blocks": [0] if settings.verdict.rule == "seed" else list(range(settings.verdict.blocks + 1)),
        "looks": chronicle.looks(system, week, but=name),
    }


def _salt(store: Store, system: str) -> str:
    """A secret of the store without which nobody can guess the decision blocks; made once."""
    key = f"{system}/salt.json"
    if not store.exists(key):
        store.write_json(key, {"format": 1, "salt": secrets.token_hex(16)})
    return str(store.read_json(key)["salt"])
