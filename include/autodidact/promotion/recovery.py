"""Finishes or undoes a promotion that was killed, whenever that was. The Chronicle decides.

A promotion counts from the moment its compare-and-swap is committed. Killed before: the champion is still the
old one, which is deployed again if the server was touched, and the version goes back to the state it had.
Killed after: what is missing (`champion.json`, what clients are pointed at) is written. Either way one
champion is left, and Chronicle, champion.json and server agree.
"""

from typing import Any

from autodidact.chronicle import Chronicle, matches_store
from autodidact.chronicle.chronicle import UnderWay
from autodidact.chronicle.version_states import before_promoting
from autodidact.errors import AutodidactError
from autodidact.promotion.champion_file import champion_record, publish
from autodidact.promotion.deploy import point, rivals, serve, sweep
from autodidact.promotion.deployers import Deployer, deployer_of
from autodidact.settings import Settings
from autodidact.store import Store


def recover(
    chronicle: Chronicle, store: Store, settings: Settings, system: str, deployer: Deployer | None = None
) -> list[str]:
    """What had to be done, a line each; empty when all was well. Called when a cycle opens.

    A server that cannot be brought back is said and tried again next time: it does not stop the cycle.
    """
    try:
        with chronicle.promotion_lock(system):
            deployer = deployer or deployer_of(settings, store, system)
            return settle(chronicle, store, deployer, system, "recovery", "the promotion was interrupted")
    except UnderWay:
        return [f"a promotion of {system} is under way elsewhere and is left to it"]
    except matches_store.Disagreement:
        raise
    except AutodidactError as error:
        if chronicle.champion(system) is None:
            raise
        publish(chronicle, store, chronicle.reigning(system))
        line = f"the champion could not be put back in service: {error.message}"
        chronicle.event(system, "recovery", line)
        return [line]


def repair(
    chronicle: Chronicle,
    store: Store,
    settings: Settings,
    system: str,
    by: str,
    deployer: Deployer | None = None,
) -> list[str]:
    """`recover` for a person who waits: it also probes the champion that should be served. Raises
    AutodidactError when it cannot be mended.
    """
    with chronicle.promotion_lock(system):
        deployer = deployer or deployer_of(settings, store, system)
        said = settle(chronicle, store, deployer, system, by, "the promotion was interrupted")
        champion = chronicle.champion(system)
        if (
            champion
            and deployer.kind != "none"
            and chronicle.last_deployment(system)
            and probe_or_restore(chronicle, store, deployer, champion, by)
        ):
            said.append(f"deployed champion {champion['version']} again")
        return said


def settle(
    chronicle: Chronicle,
    store: Store,
    deployer: Deployer,
    system: str,
    by: str,
    reason: str,
    but: str | None = None,
) -> list[str]:
    """The work of `recover`, for a holder of the promotion lock. `but`: a version that is left on the server
    because it is about to be promoted.

    Raises AutodidactError when the champion cannot be served: by then no version is `promoting`, and the next
    call tries again to serve the champion. Raises Disagreement, and changes nothing, where the Chronicle and
    the store do not belong together.
    """
    matches_store.require(chronicle, store, system)
    said = []
    for row in chronicle.versions(system, state="promoting"):
        earlier = before_promoting(chronicle.states(system, row["version"]))
        chronicle.set_state(system, row["version"], earlier, by, reason)
        said.append(f"undid the promotion of {row['version']}, which is {earlier} again")
    champion = chronicle.champion(system)
    if champion:
        if restore(chronicle, store, deployer, champion, by, reason):
            said.append(f"deployed champion {champion['version']} again")
        if publish(chronicle, store, champion):
            said.append(f"wrote champion.json: {champion['version']}")
        point(chronicle, deployer, champion, by)
        said += sweep(chronicle, store, deployer, system, by, but)
    for line in said:
        chronicle.event(system, "recovery", line)
    return said


def restore(
    chronicle: Chronicle, store: Store, deployer: Deployer, champion: dict[str, Any], by: str, reason: str
) -> bool:
    """Deploys the champion again unless the server was last seen to serve it, or never touched; whether it
    did.

    A server that holds several versions is asked whether it still has it: started again, vLLM has forgotten
    what it was given. What was loaded there in addition to the champion took nothing away from it.
    """
    system, version = champion["system"], champion["version"]
    last = chronicle.last_deployment(system)
    if deployer.kind == "none" or last is None:
        return False
    if deployer.several:
        state = chronicle.deployed(system).get(version)
        # The base is there as long as the server is, though it was never deployed.
        served = state == "verified" or (state is None and champion["adapter"] is None)
        if served and deployer.present(champion_record(champion)):
            return False
    elif (last["version"], last["state"]) == (version, "verified"):
        return False
    serve(chronicle, store, deployer, champion, by, reason)
    return True


def probe_or_restore(
    chronicle: Chronicle, store: Store, deployer: Deployer, champion: dict[str, Any], by: str
) -> bool:
    """Deploys the champion again if the server no longer answers with it; whether it did. Raises
    AutodidactError.
    """
    try:
        deployer.probe(champion_record(champion), rivals(chronicle, champion))
        return False
    except AutodidactError as error:
        chronicle.record_deployment(
            champion["system"], champion["version"], deployer.kind, "failed", by, error.message
        )
        return restore(
            chronicle, store, deployer, champion, by, "the server no longer answered with the champion"
        )
