"""What benchmarks.many_objects measures: each in a process of its own, which prints what it took."""

import contextlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from autodidact.store import Store

STORE = "s3://autodidact/store"
EVERYTHING = ("examples_days", "dropped_days", "checkpoints_days", "logs_days")


def of_a_cycle(given: dict[str, Any]) -> None:
    assert len(Store(STORE).list(f"{given['system']}/cycles/2026-03-01T1200Z")) > 50


def of_everything(given: dict[str, Any]) -> None:
    assert len(Store(STORE).list(given["system"])) > 500


def found(given: dict[str, Any]) -> None:
    assert Store(STORE).exists(f"{given['system']}/cycles/2026-03-01T1200Z/cycle.json")


def not_found(given: dict[str, Any]) -> None:
    assert not Store(STORE).exists(f"{given['system']}/cycles/2026-03-01T1200Z/no.json")


def command(*words: str) -> Callable[[dict[str, Any]], None]:
    """`autodidact` with these words."""

    def run(given: dict[str, Any]) -> None:
        from autodidact.cli import main

        settings = ["--store", STORE, "--set", f"chronicle.url={json.dumps(given['chronicle'])}"]
        sys.argv = ["autodidact", *words, *settings, "--system", given["system"], "--json"]
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
            main()
        assert "error" not in json.loads(output.getvalue()), output.getvalue()

    return run


def earlier_cycles(given: dict[str, Any]) -> None:
    """What the stages of one cycle ask of all earlier ones."""
    from autodidact.benchmark.stage import unmeasured
    from autodidact.chronicle import Chronicle
    from autodidact.cycle.decide import _waiting
    from autodidact.generators.facts_stage import cycle_before
    from tests.cycles import a_cycle

    cycle, store = a_cycle(cycle_id="2099-01-01T0000Z", until="2099-01-01T00:00:00Z"), Store(STORE)
    assert cycle_before(store, cycle)
    assert unmeasured(cycle, store) == []
    assert _waiting(cycle, store, Chronicle(given["chronicle"])) == []


NONE_KEPT = [word for name in EVERYTHING for word in ("--set", f"retention.{name}=0")]
MEASURES: dict[str, Callable[[dict[str, Any]], None]] = {
    "a cycle listed": of_a_cycle,
    "all listed": of_everything,
    "`exists` of a file that is there": found,
    "`exists` of one that is not": not_found,
    "`autodidact history`": command("history"),
    "`autodidact show`": command("show", "latest"),
    "`autodidact prune --dry-run`": command("prune", "--dry-run"),
    "the same, nothing kept (`retention.*_days=0`)": command("prune", "--dry-run", *NONE_KEPT),
    "what a cycle asks of all earlier ones": earlier_cycles,
}


def main() -> None:
    """The measure that the first argument names, as JSON."""
    given = json.loads(sys.argv[1])
    requests = counted()
    # The client, its session and the imports are not measured.
    Store(STORE).exists("nothing")
    import autodidact.cli  # noqa: F401

    before, first, begun = peak(), len(requests), time.perf_counter()
    MEASURES[given["name"]](given)
    seconds = time.perf_counter() - begun
    row = {"seconds": seconds, "requests": len(requests) - first, "megabytes": peak() - before}
    print(json.dumps(row), flush=True)


def counted() -> list[str]:
    """A list that grows by each request to an object store."""
    from aiobotocore.httpsession import AIOHTTPSession

    requests, send = list[str](), AIOHTTPSession.send

    async def counting(self: AIOHTTPSession, request: Any) -> Any:
        requests.append(request.method)
        return await send(self, request)

    AIOHTTPSession.send = counting
    return requests


def peak() -> float:
    """Megabytes of this process at its peak."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
