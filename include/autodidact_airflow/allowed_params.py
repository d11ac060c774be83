"""What a run's params may set. Whoever may trigger a run may not thereby run commands, name servers or read
the worker's files.

The deployment (autodidact.toml, variables, Connections) sets everything; a run may set the keys of
RUN_MAY_SET alone, within their bounds. Any other key is refused by name: none is dropped silently.
"""

import os
from typing import TYPE_CHECKING, Any

from autodidact.errors import UsageError
from autodidact.safe_text import address

if TYPE_CHECKING:
    from autodidact.settings import Settings

# DAG params that stand for a setting; null leaves the setting as it is.
PARAMS = {
    "repository": "sources.repository",
    "generators": "generators.only",
    "base_model": "base_model",
    "recipe": "training.recipe",
    "epochs": "training.epochs",
    "learning_rate": "training.learning_rate",
    "overall_floor": "verdict.overall_floor",
    "category_floor": "verdict.category_floor",
}
OTHER_PARAMS = {"resume", "again", "promote_historical", "settings"}

# Settings that a run may set, with the largest value (None: the setting's own type is bound enough). The
# bounds keep one run from filling a worker's disk, memory or days; each is far above what a cycle needs.
RUN_MAY_SET: dict[str, float | None] = {
    "base_model": None,
    "feedback": None,
    "generators.only": None,
    "generators.max_failed": 50,
    "generators.register": None,
    "generators.limit": 20_000,  # examples
    "gate.cap": 10_000,  # examples
    "gate.floor": 10_000,  # examples
    "gate.share": None,
    "gate.source_share": None,
    "gate.quotas": None,
    "gate.min_tokens": 8_192,
    "gate.max_tokens": 8_192,
    "gate.bigram_ratio": None,
    "gate.coherence": None,
    "training.recipe": None,
    "training.quantization": None,
    "training.rank": 256,
    "training.alpha": 1_024,
    "training.dropout": None,
    "training.epochs": 20,
    "training.learning_rate": 0.1,
    "training.batch_size": 64,  # rows
    "training.accumulation": 256,  # batches an update
    "training.max_steps": 100_000,  # updates
    "training.max_length": 32_768,  # tokens
    "training.held_out": None,
    "training.evaluations": 100,
    "training.patience": 100,
    "training.save_steps": 10_000,  # updates
    "training.anchors": None,
    "training.min_news": 20_000,  # examples
    "benchmark.level": None,
    "benchmark.batch": 256,  # prompts
    "benchmark.dev_items": 100,
    "knowledge.questions": 20_000,
    "knowledge.rival": 5_000,  # each is asked of two models more, with pages of text before it
    "verdict.overall_floor": None,
    "verdict.category_floor": None,
}
# Entries of a list or a table. Each is a generator, and they are frozen into the cycle, which all tasks read.
MOST_ENTRIES = 50
# The most keys of a refusal that are named, and the characters of each: a run's params are anybody's text.
NAMED, NAME_LENGTH = 40, 60


def overrides(params: dict, environ=os.environ) -> dict:
    """The settings that a run's params set: {"gate.cap": 300}; its `repository` in the deployment's own
    spelling.

    Raises UsageError that names every param and key which a run may not set, before any of them is looked at.
    """
    # Here: a DAG file, which imports the tasks, needs none of it, and would take half as long again to parse.
    from autodidact.models.packaged_base_models import PACKAGED
    from autodidact.settings import load_settings

    extra = params.get("settings") or {}
    if not isinstance(extra, dict):
        raise UsageError(
            "The param `settings` is no object", 'Write dotted keys, for example {"gate.cap": 300}.'
        )
    unknown = [name for name in params if name not in PARAMS and name not in OTHER_PARAMS]
    refused = [*unknown, *(key for key in extra if key not in RUN_MAY_SET)]
    if refused:
        names = ", ".join(repr(str(key)[:NAME_LENGTH]) for key in refused[:NAMED])
        more = f" and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
        raise UsageError(
            f"A run may not set {names}{more}",
            "That belongs to the deployment: autodidact.toml, AUTODIDACT_* variables or "
            "Connections (docs/airflow.md).",
        )
    result = {key: params[name] for name, key in PARAMS.items() if params.get(name) is not None} | extra
    if params.get("repository") is None and result.get("base_model") is None:
        return result
    own = load_settings(environ=environ)
    if (repository := params.get("repository")) is not None:
        chosen = result["sources.repository"] = _listed(repository, own, environ)
        if own.sources.repositories and chosen != own.sources.repository:
            # Another system, of which the others are no part.
            result["sources.repositories"] = []
    if (base := result.get("base_model")) not in (None, "sprout", *PACKAGED, own.base_model):
        _require_hub_id(base)
    return result


def names_another_base(given: dict, environ=os.environ) -> bool:
    """Whether what a run sets names another base model than the deployment does."""
    from autodidact.settings import load_settings

    return given.get("base_model") not in (None, load_settings(environ=environ).base_model)


def require_bounds(settings: "Settings", keys) -> None:
    """Raises UsageError where one of `keys`, which a run has set, is above its bound."""
    for key in keys:
        value: Any = settings
        most, unit = RUN_MAY_SET.get(key), ""
        for part in key.split("."):
            value = getattr(value, part)
        if isinstance(value, (list, dict)):
            value, most, unit = len(value), MOST_ENTRIES, " entries"
        # Nothing is made a float: a whole number of a thousand digits is none. NaN is above every bound.
        if most is not None and value is not None and not value <= most:
            raise UsageError(
                f"A run may set {key} to {most:g}{unit} at most",
                "Set more in autodidact.toml or as a variable.",
            )


def _listed(repository: object, own: "Settings", environ) -> str:
    """A repository that the deployment names, as it spells it. Raises UsageError for any other."""
    listed = environ.get("AUTODIDACT_REPOSITORIES", "").split(os.pathsep)
    for each in filter(None, [own.sources.repository, *listed]):
        if isinstance(repository, str) and _same(each, repository):
            return each
    shown = address(str(repository))[:NAME_LENGTH]
    raise UsageError(
        f"The param `repository` names {shown!r}, which is none of this deployment's",
        "A run may name sources.repository, or one of those listed in the variable AUTODIDACT_REPOSITORIES.",
    )


def _same(one: str, other: str) -> bool:
    return os.path.abspath(os.path.expanduser(one)) == os.path.abspath(os.path.expanduser(other))


def _require_hub_id(base: object) -> None:
    """Raises UsageError for a base model that is no hub id, or that is a folder of the worker's."""
    from autodidact.models.find_base_model import is_hub_id

    if not isinstance(base, str) or not is_hub_id(base) or os.path.exists(base):
        shown = repr(base[:NAME_LENGTH]) if isinstance(base, str) else f"a {type(base).__name__}"
        raise UsageError(
            f"A run may not set base_model to {shown}, which is no hub id",
            "Name `sprout` or a hub id such as Qwen/Qwen3-8B, or set the path in the deployment.",
        )
