"""Does the server serve this version, and serve it well? Identity first, then health.

1. The server lists the version's name, and where it tells the sha256 of what it loaded, it is the version's.
2. Fixed prompts: the served log-probabilities match the stored ones within `deploy.tolerance`, and are nearer
   to them than to those of
   the base and of the champion before. So another adapter, or the old weights under the new name, are found
   out.
3. `deploy.live` live answers name the version, in time, with no more errors than the budget allows.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from autodidact.errors import AutodidactError, Unavailable
from autodidact.models import identity
from autodidact.models.openai_client import OpenAIClient
from autodidact.records import Champion
from autodidact.settings import Deploy

# The stored log-probabilities of a version.
Identity = Callable[[Champion], list[dict[str, Any]]]


def probe(
    server: OpenAIClient,
    name: str,
    champion: Champion,
    others: Sequence[Champion],
    limits: Deploy,
    identity_of: Identity,
) -> dict[str, Any]:
    """What was seen: {"sha256": the server's or null, "logprobs": {version: nats}, "live": {"asked",
    "failed", "slowest"}}.

    `name` is what the server calls the version. Raises AutodidactError at the first thing that is not as it
    must be.
    """
    seen: dict[str, Any] = {
        "name": name,
        "sha256": _loaded(server, name, champion, limits.timeout),
        "logprobs": None,
    }
    if limits.tolerance is not None:
        seen["logprobs"] = _identity(
            server, name, champion, others, limits.tolerance, identity_of, hashed=seen["sha256"] is not None
        )
    return seen | {"live": health(server, name, limits)}


def weights(champion: Champion) -> str:
    """The sha256 a server should tell: the adapter's folder digest, or the base model's."""
    return champion.adapter.sha256 if champion.adapter else champion.base["sha256"]


def _loaded(server: OpenAIClient, name: str, champion: Champion, timeout: float) -> str | None:
    """Waits until the server lists `name`; returns the sha256 that it tells, if any. Raises Unavailable when
    it was away to the end.
    """
    end, pause = time.monotonic() + timeout, 0.1
    while True:
        try:
            cards = server.cards()
            if name in cards:
                break
            found, kind = f"serves {', '.join(list(cards)[:8]) or 'nothing'}", AutodidactError
        except AutodidactError as error:
            found = error.message.removeprefix(server.what).strip()
            kind = Unavailable if isinstance(error, Unavailable) else AutodidactError
        if time.monotonic() + pause > end:
            raise kind(
                f"{server.what} {found} {timeout:g} s after the deployment of {champion.version}",
                "See the server's log.",
            )
        time.sleep(pause)
        pause = min(2 * pause, 5)
    loaded: str | None = cards[name].get("sha256")
    if loaded is not None and loaded != weights(champion):
        raise AutodidactError(
            f"{server.what} loaded other weights as {name}: sha256 {str(loaded)[:12]} instead of"
            f" {weights(champion)[:12]}",
            "See whether the server reads the same store.",
        )
    return loaded


def _identity(
    server: OpenAIClient,
    name: str,
    champion: Champion,
    others: Sequence[Champion],
    tolerance: float,
    identity_of: Identity,
    hashed: bool,
) -> dict[str, Any]:
    expected = identity_of(champion)
    served: list[list[float]] = []
    for prompt in expected:
        answered, values = server.logprobs(name, prompt["tokens"])
        _require_name(server, answered, name)
        numbers = [value for value in values[prompt["start"] :] if isinstance(value, (int, float))]
        if not len(numbers) == len(values) - prompt["start"] == len(prompt["logprobs"]):
            raise AutodidactError(
                f"{server.what} gives no log-probabilities of the prompt",
                "Set deploy.tolerance to null to do without.",
            )
        served.append(numbers)
    own = identity.distance(served, [prompt["logprobs"] for prompt in expected])
    seen = {champion.version: round(own, 4)}
    for other in others:
        theirs = [prompt["logprobs"] for prompt in identity_of(other)]
        apart = identity.distance([prompt["logprobs"] for prompt in expected], theirs)
        if apart == 0:  # equal numbers: only the hash can tell the two
            if not hashed:
                raise AutodidactError(
                    f"the log-probabilities of {champion.version} and {other.version} are equal: a server"
                    " cannot be seen to serve one of them",
                    "The adapter changes nothing; do not promote it.",
                )
            continue
        seen[other.version] = round(identity.distance(served, theirs), 4)
        if seen[other.version] <= own:
            raise AutodidactError(
                f"{server.what} answers as {name} with the weights of {other.version}: its log-probabilities"
                f" are {seen[other.version]:g} nats a token from those, {own:.4g} from those of"
                f" {champion.version}",
                "See the server's log.",
            )
    if own > tolerance:
        raise AutodidactError(
            f"{server.what} answers as {name} with other weights: its log-probabilities are {own:.4g} nats a"
            f" token from those of {champion.version}, more than deploy.tolerance = {tolerance:g}",
            "See whether base model and precision are those of the training.",
        )
    return seen


def health(server: OpenAIClient, name: str, limits: Deploy) -> dict[str, Any]:
    """{"asked", "failed", "slowest"}: some live answers. Raises AutodidactError beyond the limits for time
    and errors.
    """
    failed, slowest, why = 0, 0.0, ""
    for number in range(limits.live):
        try:
            answered, seconds = server.live(
                name, identity.PROMPTS[number % len(identity.PROMPTS)][0], timeout=2 * limits.latency
            )
        except AutodidactError as error:
            failed, why = failed + 1, error.message
            continue
        _require_name(server, answered, name)
        slowest = max(slowest, seconds)
    if failed > limits.error_budget * limits.live:
        raise Unavailable(
            f"{failed} of {limits.live} live answers as {name} failed: {why}", "See the server's log."
        )
    if slowest > limits.latency:
        raise Unavailable(
            f"a live answer as {name} took {slowest:.1f} s, more than deploy.latency = {limits.latency:g}",
            "See what slows the server.",
        )
    return {"asked": limits.live, "failed": failed, "slowest": round(slowest, 3)}


def _require_name(server: OpenAIClient, answered: str, name: str) -> None:
    if answered != name:
        raise AutodidactError(
            f"{server.what} was asked for {name} and answered as {answered}", "See the server's log."
        )
