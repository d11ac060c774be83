"""The fingerprint of a report: two reports are compared only where it is equal."""

from collections.abc import Mapping
from typing import Any

from autodidact.benchmark import judge, knowledge_probe
from autodidact.benchmark.items import suite_digest
from autodidact.models.chat_template import template_of
from autodidact.models.find_base_model import BaseModelRef
from autodidact.models.tool_template import VERSION, knows_tools
from autodidact.records import canonical, sha256
from autodidact.settings import Settings

DECODING = {"version": 1, "sampling": "greedy", "thinking": False}


def fingerprint(settings: Settings, base: BaseModelRef, served: Mapping[str, Any] | None = None) -> str:
    """What two reports must share to be compared: suite, decoding and batches, chat template, judge and its
    prompt, probe; and the server that answered, `served` (see `decoding_of`).
    """
    return sha256(
        canonical(
            {
                "suite": suite_digest(settings.benchmark.level, settings.benchmark.families),
                **decoding_of(settings, base, served),
                "judge": judge.version_of(settings) | {"floor": settings.judge.floor},
                "probe": {"version": 1, "max_tokens": knowledge_probe.MAX_TOKENS},
            }
        )
    )


def decoding_of(
    settings: Settings, base: BaseModelRef, served: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What of the settings decides an answer; `served` is the server that clients ask, where it is that which
    answers: {"kind", "precision", ...}. It batches by itself.
    """
    engine = "server" if settings.benchmark.engine_url else "transformers"
    decoding: dict[str, Any] = DECODING | {"engine": engine, "batch": settings.benchmark.batch}
    if served:
        server = {name: served[name] for name in ("kind", "precision")}
        decoding = DECODING | {"engine": "through the server", **server}
    template = template_of(base.path)
    ours = "" if knows_tools(template) else f"\nwith tools, version {VERSION}"
    return {"decoding": decoding, "template": sha256(template + ours)}
