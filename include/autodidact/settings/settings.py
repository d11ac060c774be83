"""All settings as one object, and what of it a cycle freezes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from autodidact.settings.retention_and_budget import Budget, Retention
from autodidact.settings.sections import (
    Benchmark,
    ChronicleSettings,
    Deploy,
    Gate,
    Generators,
    Judge,
    Knowledge,
    Sources,
    Teacher,
    Training,
    VerdictSettings,
)
from autodidact.settings.types import FilePath, Place, Section

# In a built package below `autodidact`, in a checkout next to it.
_PLACES = [folder / "samples" for folder in Path(__file__).resolve().parents[1:3]]
SAMPLES = next((place for place in _PLACES if place.is_dir()), _PLACES[-1])

# Resolved where a stage runs; never frozen into cycle.json and never hashed: addresses, commands and what is
# denied may carry secrets.
RUNTIME_KEYS = (
    "store",
    "chronicle.url",
    "sources.knowledge_graph_url",
    "judge.url",
    "teacher.url",
    "deploy.url",
    "deploy.command",
    "deploy.webhook",
    "deploy.kubernetes",
    "benchmark.engine_url",
    "gate.deny",
    "training.where",
    "training.pod",
    "training.report_to",
    "retention",
    "budget",
)


class Settings(Section):
    profile: Literal["laptop", "production"] = "laptop"
    system: str | None = Field(
        None, description="name of the living system; null: repository name and first 8 of its root commit"
    )
    store: Place = Field(
        ".autodidact/store", description="a local path or an fsspec URL such as s3://bucket/prefix"
    )
    base_model: FilePath = Field(
        "nvidia/Nemotron-Orchestrator-8B",
        description="`sprout`, `smollm2`, a folder, or a hub id; the article",
    )
    chronicle: ChronicleSettings = ChronicleSettings()
    sources: Sources = Sources()
    generators: Generators = Generators()
    gate: Gate = Gate()
    training: Training = Training()
    benchmark: Benchmark = Benchmark()
    knowledge: Knowledge = Knowledge()
    judge: Judge = Judge()
    teacher: Teacher = Teacher()
    verdict: VerdictSettings = VerdictSettings()
    deploy: Deploy = Deploy()
    retention: Retention = Retention()
    budget: Budget = Budget()
    feedback: bool = Field(
        True,
        description=(
            "the previous cycle sets deficits, quotas and one setting of the training for this one; false: it"
            " sets nothing"
        ),
    )
    approval: Literal["none", "before_train", "before_promote"] = Field(
        "none", description="what needs a person's consent: before_train, before_promote; the article: none"
    )

    def frozen(self) -> dict[str, Any]:
        """The settings as a cycle fixes them: plain JSON, without the runtime keys."""
        data = self.model_dump(mode="json")
        for key in RUNTIME_KEYS:
            *path, last = key.split(".")
            section = data
            for part in path:
                section = section[part]
            section.pop(last, None)
        if not self.sources.repositories:
            # A cycle of one repository is what it was before there could be several.
            del data["sources"]["repositories"]
        return data


def thaw(frozen: Mapping[str, Any], now: Settings) -> Settings:
    """A cycle's frozen settings with the runtime keys of this process."""
    data = json.loads(json.dumps(dict(frozen)))
    current = now.model_dump(mode="json")
    for key in RUNTIME_KEYS:
        *path, last = key.split(".")
        section, source = data, current
        for part in path:
            section, source = section.setdefault(part, {}), source[part]
        section[last] = source[last]
    return Settings.model_validate(data)
