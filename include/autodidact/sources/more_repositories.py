"""The repositories that a system has besides `sources.repository`: those of `sources.repositories`."""

from typing import Any

from autodidact.errors import UsageError
from autodidact.settings import Settings
from autodidact.settings.sections import Sources
from autodidact.sources.git.revisions import git_dir, name_of
from autodidact.store import Cache, Store


def named_repositories(settings: Settings) -> dict[str, str]:
    """{name: path} of `sources.repositories`, in their order. A repository is called as its folder is. Raises
    UsageError where two have the same name, or one is `sources.repository` itself.
    """
    sources, found = settings.sources, dict[str, str]()
    if not sources.repositories:
        return found
    first = git_dir(sources.repository) if sources.repository else None
    for path in sources.repositories:
        name = name_of(path)
        if git_dir(path) == first:
            raise UsageError(
                f"sources.repositories names {path}, which is sources.repository",
                "Leave it out of one of them.",
            )
        if name in found:
            raise UsageError(
                f"Two of sources.repositories are called {name}: {found[name]} and {path}",
                "Rename the folder of one.",
            )
        found[name] = str(path)
    return found


def of_one_repository(settings: Settings, path: str) -> Settings:
    """The settings of a system that is this repository and nothing else."""
    alone: dict[str, Any] = {"sources": Sources(repository=path, samples=False)}
    return settings.model_copy(update=alone)


class CacheOf(Cache):
    """What is kept of one repository apart from the others: the analyses of all its files lie in one entry,
    and nobody should read those of a hundred repositories to use one.
    """

    def __init__(self, store: Store, name: str):
        super().__init__(store)
        self._name = name

    def _key(self, kind: str, key: str) -> str:
        return super()._key(f"{kind}/{self._name}", key)
