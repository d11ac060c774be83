"""Does the server serve this version, and serve it well? Identity first, then health.

1. The server lists the version's name, and where it tells the sha256 of what it loaded, it is the version's.
2. Fixed prompts: the served log-probabilities are those of the version, and not those of the base or of the
   champion before (compare_served_logprobs.py). So another adapter, or the old weights under the new name,
   are found out, in whatever precision the server computes.
3. `deploy.live` live answers name the version, in time, with no more errors than the budget allows.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from autodidact.errors import AutodidactError, Unavailable
from autodidact.models import logprob_identity
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.compare_served_logprobs import Answers, compare
from autodidact.records import Champion
from autodidact.settings import Deploy

# The stored log-probabilities of a version.
IdentityOf = Callable[[Champion], logprob_identity.Identity]


def probe(
    server: OpenAIClient,
    name: str,
    champion: Champion,
    others: Sequence[Champion],
    limits: Deploy,
    identity_of: IdentityOf,
    base_name: str | None = None,
) -> dict[str, Any]:
    """What was seen: {"sha256": the server's or null, "logprobs": {version: nats}, "live": {"asked",
    "failed", "slowest"}}.

    `name` is what the server calls the version, `base_name` its base model where it serves that too. Raises
    AutodidactError at the first thing that is not as it must be.
    """
    seen: dict[str, Any] = {
        "name": name,
        "sha256": _loaded(server, name, champion, limits.timeout),
        "logprobs": None,
    }
    if limits.tolerance is not None:
        seen["logprobs"] = _identity(
            server,
            (name, base_name),
            champion,
            others,
            limits.tolerance,
            identity_of,
            hashed=seen["sha256"] is not None,
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
    names: tuple[str, str | None],
    champion: Champion,
    others: Sequence[Champion],
    tolerance: float,
    identity_of: IdentityOf,
    hashed: bool,
) -> dict[str, float]:
    name, base_name = names
    own = identity_of(champion)
    rivals = {other.version: identity_of(other) for other in others}
    base = identity_of(base_of(champion)) if champion.adapter and base_name else None
    try:
        prompts = _common([own, *rivals.values(), *([base] if base else [])])
        rivals = {version: each.of(prompts) for version, each in rivals.items()}
    except KeyError:
        raise AutodidactError(f"the identities of {champion.version} and others share no prompts") from None
    answers = Answers(
        server.what,
        name,
        served_logprobs(server, name, prompts),
        served_logprobs(server, base_name, prompts) if base and base_name else None,
    )
    return compare(
        answers,
        champion.version,
        own.of(prompts),
        rivals,
        tolerance,
        base=base.of(prompts) if base else None,
        hashed=hashed,
    )


def base_of(champion: Champion) -> Champion:
    """The base model of a version, in the precision of its training."""
    return champion.model_copy(update={"adapter": None})


def _common(identities: Sequence[logprob_identity.Identity]) -> list[tuple[list[int], int]]:
    """The prompts that all have: older identities have fewer. Raises KeyError when there is none."""
    known = [{(tuple(tokens), start) for tokens, start in each.prompts} for each in identities]
    found = [
        (tokens, start)
        for tokens, start in identities[0].prompts
        if all((tuple(tokens), start) in each for each in known)
    ]
    if not found:
        raise KeyError("no prompt")
    return found


def served_logprobs(
    server: OpenAIClient, name: str, prompts: Sequence[tuple[list[int], int]], timeout: float | None = None
) -> list[list[float]]:
    """The served log-probabilities of each prompt's answer. Raises AutodidactError where some are missing."""
    found: list[list[float]] = []
    for tokens, start in prompts:
        answered, values = server.logprobs(name, tokens, timeout=timeout)
        _require_name(server, answered, name)
        numbers = [value for value in values[start:] if isinstance(value, (int, float))]
        if not len(numbers) == len(values) - start == len(tokens) - start:
            raise AutodidactError(
                f"{server.what} gives no log-probabilities of the prompt",
                "Set deploy.tolerance to null to do without.",
            )
        found.append(numbers)
    return found


def health(server: OpenAIClient, name: str, limits: Deploy) -> dict[str, Any]:
    """{"asked", "failed", "slowest"}: some live answers. Raises AutodidactError beyond the limits for time
    and errors.
    """
    failed, slowest, why = 0, 0.0, ""
    for number in range(limits.live):
        try:
            answered, seconds = server.live(
                name,
                logprob_identity.PROMPTS[number % len(logprob_identity.PROMPTS)][0],
                timeout=2 * limits.latency,
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
