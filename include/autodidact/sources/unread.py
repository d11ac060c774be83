"""What a reader could not read, by scope, and what that silences.

"None", "only", "nobody", "all", "3 of them": such an answer needs everything that could contradict it. So a
reader notes each thing that it left unread (a file, a row, a column, a construct that it does not model), and
an answer that needs completeness is made by `closed`, from that report:

    unread.add("ports/booking", "a port with a variable", "compose.yml#booking")
    unread.closed(f"None: {name} publishes no port.", f"ports/{name}")        # "" for booking

A scope names a set whose members may be missing, as a path: `services`, `ports` (of all services),
`ports/booking`. A gap silences the scopes inside it and those around it, and no others: `ports/booking` is
silent about `ports` and about `ports/booking/tcp`, not about `ports/payments`.

Empty answers are left out by `choose` and `to_examples` (generators/writing/wording.py). A test walks
through the generators: a text that denies or counts stands in a call of `closed`.
"""

from dataclasses import dataclass

from autodidact.stage import Troubles


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
        return naming is None or self.text is None or naming.encode() in self.text


class Unread:
    """The report of one reader: its gaps, each counted in `troubles` as well."""

    def __init__(self, troubles: Troubles | None = None) -> None:
        self._troubles = troubles
        self.gaps: list[Gap] = []

    def add(self, scope: str, reason: str, ref: str | None = None, text: bytes | None = None) -> None:
        """Notes that something of a scope was not read, and counts it."""
        self.gaps.append(Gap(scope, reason, ref, text))
        if self._troubles is not None:
            self._troubles.add(reason, ref)

    def whole(self, *scopes: str, naming: str | None = None) -> bool:
        """Whether all of these scopes was read, or at least all that could name `naming`."""
        return not any(gap.hides(scope, naming) for gap in self.gaps for scope in scopes)

    def closed(self, answer: str, *scopes: str, naming: str | None = None) -> str:
        """An answer that is true only if all of these scopes was read; "" where it was not."""
        return answer if self.whole(*scopes, naming=naming) else ""
