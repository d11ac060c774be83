"""The name of the living system."""

import re

from autodidact.errors import UsageError
from autodidact.settings import Settings

# A folder of the store: one name, without separators and characters that steer a terminal. 120 characters
# leave room for the names of its files on any disk.
_NAME = re.compile(r"(?!\.\.?$)[^/\\\x00-\x1f\x7f-\x9f]{1,120}")
# Folders of the store that belong to no system.
_TAKEN = ("cache", "judges")


def system_of(settings: Settings) -> str:
    """`settings.system`, or the repository's name and the first 8 characters of its root commit. It keys
    everything: store, champion, Chronicle rows. Raises UsageError where the settings name neither, or a name
    that can be no folder of its own.
    """
    if settings.system:
        if not _NAME.fullmatch(settings.system) or settings.system in _TAKEN:
            raise UsageError(
                f"`system` is no name that a folder of the store can have"
                f" ({len(settings.system)} characters)",
                f"Use at most 120 characters without slashes, and none of {', '.join(_TAKEN)}.",
            )
        return settings.system
    if not settings.sources.repository:
        raise UsageError(
            "Nothing names the system", "Set `system`, or `sources.repository` to a git repository."
        )
    from autodidact.sources.git.revisions import system_name

    return system_name(settings.sources.repository, settings.sources.branch)
