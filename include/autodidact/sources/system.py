"""The name of the living system."""

from autodidact.errors import UsageError
from autodidact.settings import Settings


def system_of(settings: Settings) -> str:
    """`settings.system`, or the repository's name and the first 8 characters of its root commit. It keys
    everything: store, champion, Chronicle rows. Raises UsageError where the settings name neither.
    """
    if settings.system:
        return settings.system
    if not settings.sources.repository:
        raise UsageError(
            "Nothing names the system", "Set `system`, or `sources.repository` to a git repository."
        )
    from autodidact.sources.git.revisions import system_name

    return system_name(settings.sources.repository, settings.sources.branch)
