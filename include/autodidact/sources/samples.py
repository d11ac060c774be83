"""The samples of the package: a small fictional company, for what Autodidact's own repository does not have.

Somebody else's system is never mixed with it, unless `sources.samples = true` asks for that.
"""

import tomllib
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.settings import SAMPLES, Settings

SOURCES: dict[str, Any] = {
    "sessions": [str(SAMPLES / "sessions")],
    "mcp": str(SAMPLES / "mcp.json"),
    "knowledge_graph": str(SAMPLES / "graph.csv"),
    "goals": str(SAMPLES / "goals.yaml"),
    "interrupts": str(SAMPLES / "interrupts.yaml"),
    "documents": [str(SAMPLES / "documents")],
    "affect": str(SAMPLES / "affect.yaml"),
}
DUMP = str(SAMPLES / "wikipedia.xml")

# Files that Autodidact's own repository has, besides a pyproject.toml of its name.
MARKS = ["include/autodidact/store.py", "include/samples/README.md"]


def with_samples(settings: Settings) -> Settings:
    """The settings as a cycle freezes them: `sources.samples` is true or false, and where it is true the
    sources that nobody named are the samples. What was named counts, null and [] too: that source is left
    out.
    """
    sources, wikipedia = settings.sources, settings.sources.wikipedia
    wanted = sources.samples
    if wanted is None:
        wanted = settings.profile == "laptop" and is_own(sources.repository, sources.branch)
    changed: dict[str, Any] = {"samples": wanted}
    if wanted:
        changed |= {name: value for name, value in SOURCES.items() if name not in sources.model_fields_set}
        if not wikipedia.model_fields_set & {"dump", "api"}:
            changed["wikipedia"] = wikipedia.model_copy(update={"dump": DUMP})
    return settings.model_copy(update={"sources": sources.model_copy(update=changed)})


def is_own(path: str | None, branch: str | None = None) -> bool:
    """Whether the repository at `path` is Autodidact's, a clone or a fork included: by what is committed on
    its branch. One that cannot be read is not; its reader reports why.
    """
    from autodidact.sources.git.revisions import files_at_tip

    try:
        found = files_at_tip(path, branch, [*MARKS, "pyproject.toml"]) if path else {}
        project = tomllib.loads(found.get("pyproject.toml", b"").decode("utf-8", "replace")).get("project")
    except (AutodidactError, tomllib.TOMLDecodeError):
        return False
    return found.keys() >= set(MARKS) and isinstance(project, dict) and project.get("name") == "autodidact"
