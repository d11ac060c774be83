"""What a reader could not read, by scope, and what that silences.

"None", "only", "nobody", "all", "3 of them": such an answer needs everything that could contradict it. So a
reader notes each thing that it left unread (a file, a row, a column, a construct that it does not model), and
an answer that needs completeness is made by `closed`, from that report:

    unread.add("ports/booking", "a port with a variable", "compose.yml#booking")
    unread.closed(f"None: {name} publishes no port.", f"ports/{name}")        # "" for booking

A scope names a set whose members may be missing, as a path: `services`, `ports` (of all services),
`ports/booking`. A gap silences the scopes inside it and those around it, and no others: `ports/booking` is
silent about `ports` and about `ports/booking/tcp`, not about `ports/payments`.

Empty answers are left out by `choose` and `to_examples` (generators/writing/facts_into_words.py). A test
walks through the generators: a text that denies or counts stands in a call of `closed`.
"""

from dataclasses import dataclass

from autodidact.stage import Troubles

# Gaps whose bytes are kept: each is looked through for each answer. Beyond, anything may be missing.
MAX_TEXTS = 300


@dataclass(frozen=True)
class Gap:
    """Something that was not read. `text`: its bytes, where they are at hand; what does not occur in them is
    not in the gap. None: anything may be in it.
    """

    scope: str
    reason: str
    ref: str | None = None
    text: bytes | None = None

    def hides(self, scope: str, naming: str | None = None) -> bool:
        """Whether what is asked of a scope, or what the scope holds of this name, may be in the gap."""
        inside, around = f"{scope}/".startswith(f"{self.scope}/"), f"{self.scope}/".startswith(f"{scope}/")
        if not inside and not around:
            return False
        return naming is None or self.text is None or naming.encode("utf-8", "replace") in self.text


class Unread:
    """The report of one reader: its gaps, each counted in `troubles` as well."""

    def __init__(self, troubles: Troubles | None = None) -> None:
        self._troubles = troubles
        self.gaps: list[Gap] = []
        # Scopes in which anything may be missing, and these with all scopes around them.
        self._open: set[str] = set()
        self._around: set[str] = set()
        self._known: list[Gap] = []

    def add(self, scope: str, reason: str, ref: str | None = None, text: bytes | None = None) -> None:
        """Notes that something of a scope was not read, and counts it."""
        self.note(scope, reason, ref, text)
        if self._troubles is not None:
            self._troubles.add(reason, ref)

    def note(self, scope: str, reason: str, ref: str | None = None, text: bytes | None = None) -> None:
        """Notes it and counts nothing: a free text that nobody reads is no bad input."""
        if scope in self._open:
            return
        gap = Gap(scope, reason, ref, text if len(self._known) < MAX_TEXTS else None)
        self.gaps.append(gap)
        if gap.text is not None:
            self._known.append(gap)
            return
        self._open.add(scope)
        self._around.update(_and_around(scope))

    def counting(self, scope: str) -> Troubles:
        """Troubles for a reader that knows no scopes: whatever it counts there is a gap of this scope."""
        return _Gaps(self, scope)

    def whole(self, *scopes: str, naming: str | None = None) -> bool:
        """Whether all of these scopes was read, or at least all that could name `naming`."""
        for scope in scopes:
            if scope in self._around or any(outer in self._open for outer in _and_around(scope)):
                return False
        return not any(gap.hides(scope, naming) for gap in self._known for scope in scopes)

    def closed(self, answer: str, *scopes: str, naming: str | None = None) -> str:
        """An answer that is true only if all of these scopes was read; "" where it was not."""
        return answer if self.whole(*scopes, naming=naming) else ""


class _Gaps(Troubles):
    """Counts what the report counts, and notes each as a gap of one scope."""

    def __init__(self, unread: Unread, scope: str) -> None:
        super().__init__()
        self._unread, self._scope = unread, scope

    def add(self, reason: str, ref: str | None = None, count: int = 1) -> None:
        super().add(reason, ref, count)
        self._unread.note(self._scope, reason, ref)
        if self._unread._troubles is not None:
            self._unread._troubles.add(reason, ref, count)


def _and_around(scope: str) -> list[str]:
    """The scope, and every scope around it."""
    parts = scope.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
