"""Brings a version to the server, sees that it answers, and takes off the server what no longer serves."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.chronicle.version_states import now
from autodidact.digests import folder_digest
from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.promotion import trial_files
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers import Deployer
from autodidact.records import Champion
from autodidact.sources.forgotten_sources import withdrawn
from autodidact.store import Store


def check_adapter(store: Store, row: dict[str, Any]) -> None:
    """Raises AutodidactError unless the version's adapter folder is, file by file, what was registered."""
    if row["adapter"] is None:
        return
    path = Path(store.local(row["adapter"]["path"]))
    if not path.is_dir() or not any(path.iterdir()):
        raise AutodidactError(
            f"the adapter of {row['version']} is not at {path}", "Put it back from a backup, or train again."
        )
    digest = folder_digest(path)
    if digest != row["adapter"]["sha256"]:
        raise AutodidactError(
            f"the adapter of {row['version']} has a wrong hash: {digest[:12]} instead of"
            f" {row['adapter']['sha256'][:12]} at {path}",
            "Put it back from a backup, or train again.",
        )


def require_not_withdrawn(store: Store, row: dict[str, Any]) -> None:
    """Raises UsageError for a version that was trained on a forgotten source."""
    if row["state"] == "withdrawn" or row["version"] in withdrawn(store, row["system"]):
        raise UsageError(
            f"version {row['version']} is withdrawn: a source that it was trained on was forgotten",
            "It never serves again; `autodidact history` lists the others.",
        )


def serve(
    chronicle: Chronicle, store: Store, deployer: Deployer, row: dict[str, Any], by: str, reason: str
) -> None:
    """Deploys a version and probes it; every step is in the Chronicle before and after. Raises
    AutodidactError.
    """
    check_adapter(store, row)
    if deployer.kind == "none":
        return
    system, version = row["system"], row["version"]
    chronicle.record_deployment(system, version, deployer.kind, "deploying", by, reason)
    try:
        seen = bring(deployer, champion_record(row), rivals(chronicle, row))
    except AutodidactError as error:
        chronicle.record_deployment(system, version, deployer.kind, "failed", by, error.message)
        raise
    chronicle.record_deployment(system, version, deployer.kind, "verified", by, reason)
    if seen:
        chronicle.event(
            system, "probe", f"{version} is served as it should be", row["cycle_id"] or None, seen
        )


def bring(deployer: Deployer, champion: Champion, others: tuple[Champion, ...]) -> dict[str, Any]:
    """Has the server hold the version, and returns what its probe saw. Loaded already and well: nothing to
    do. Loaded already and not what it is called: loaded anew. Raises AutodidactError.
    """
    if deployer.several and deployer.present(champion):
        try:
            return deployer.probe(champion, others)
        except Unavailable:
            raise  # slow or failing, not wrong: loading anew would only cost the requests that it has
        except AutodidactError:
            deployer.retire(champion)
    deployer.deploy(champion)
    return deployer.probe(champion, others)


def rivals(chronicle: Chronicle, row: dict[str, Any]) -> tuple[Champion, ...]:
    """What the version must not be taken for: the champion that it is to replace, and the base."""
    champion = chronicle.champion(row["system"])
    bases = [each for each in chronicle.versions(row["system"]) if each["adapter"] is None]
    found = {each["version"]: each for each in [*([champion] if champion else []), *bases]}
    what = ("adapter", "quantization")
    return tuple(
        champion_record(each)
        for each in found.values()
        if each["base"]["sha256"] == row["base"]["sha256"]
        and [each[name] for name in what] != [row[name] for name in what]
    )


def point(chronicle: Chronicle, deployer: Deployer, champion: dict[str, Any], by: str) -> None:
    """Gives the champion to clients that name no version, where the server holds several. Raises
    AutodidactError.
    """
    system, version = champion["system"], champion["version"]
    if not deployer.several or not chronicle.last_deployment(system):
        return
    try:
        deployer.point(champion_record(champion))
    except AutodidactError as error:
        chronicle.record_deployment(system, version, deployer.kind, "failed", by, error.message)
        raise


def bake_ends(champion: dict[str, Any], bake: float) -> datetime:
    """When the champion has served for its bake time."""
    return datetime.fromisoformat(champion["promoted_at"]) + timedelta(seconds=bake)


def sweep(
    chronicle: Chronicle, store: Store, deployer: Deployer, system: str, by: str, but: str | None = None
) -> list[str]:
    """Takes off the server what neither reigns nor, for the bake time, did before, nor is being measured
    (trial_files.py). A line for each version; one that cannot be, waits. `but`: one to leave where it is.
    """
    champion = chronicle.champion(system)
    if not deployer.several or champion is None:
        return []
    keep = {champion["version"]}
    if bake_ends(champion, deployer.bake) > now():
        gone = {row["version"] for row in chronicle.versions(system, state="withdrawn")}
        keep |= set(chronicle.reigns(system)[-2:]) - gone
    tried = trial_files.idle(store, system)
    for version in keep & tried.keys():
        trial_files.forget(store, system, version)
    deployed = {version for version, state in chronicle.deployed(system).items() if state != "retired"}
    said = []
    for version in sorted((deployed | tried.keys()) - keep - {but}):
        try:
            deployer.retire(tried.get(version) or champion_record(chronicle.version(system, version)))
        except AutodidactError as error:
            chronicle.event(system, "retire_failed", f"{version} is still on the server: {error.message}")
            continue
        if version in deployed:
            chronicle.record_deployment(system, version, deployer.kind, "retired", by, "it no longer serves")
        trial_files.forget(store, system, version)
        said.append(f"took {version} off the server")
    return said
