"""The files of a system with their bytes, for many questions: nothing is listed twice."""

from bisect import bisect_left

from autodidact.store import Store


class Files:
    """`whole`: the first question lists all that the system has, which takes less than to list most of its
    folders one by one; otherwise each folder that is asked for is listed alone.
    """

    def __init__(self, store: Store, system: str, *, whole: bool):
        self._store, self._system, self._whole = store, system, whole
        self._listed: dict[str, dict[str, int]] = {}
        self._keys: list[str] = []

    def below(self, folder: str) -> dict[str, int]:
        """{key: bytes} of the files below a folder of the system."""
        if not self._whole:
            return self._of(folder)
        everything = self._of(self._system)
        self._keys = self._keys or list(everything)
        # "0" is the character after "/".
        first, end = bisect_left(self._keys, f"{folder}/"), bisect_left(self._keys, f"{folder}0")
        return {key: everything[key] for key in self._keys[first:end]}

    def folders(self, folder: str) -> list[str]:
        """The names of the folders right below a folder of the system."""
        return self._store.folders(folder)

    def _of(self, folder: str) -> dict[str, int]:
        if folder not in self._listed:
            self._listed[folder] = self._store.sizes(folder)
        return self._listed[folder]
