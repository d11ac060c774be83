"""Which exchanges no example is made of in the register `full`, and why: counted by reason."""

from collections.abc import Iterable

from autodidact.generators.session_miner.full.earlier_turns import long_enough
from autodidact.records import Example
from autodidact.sources.transcripts import Exchange
from autodidact.stage import Troubles


def unfit(exchange: Exchange) -> str:
    """Why an exchange that went well is of no kind of example."""
    if exchange.final and not exchange.calls and not long_enough(exchange.reply):
        return "turn whose answer is too short to be trained whole"
    return "turn that fits no kind of example"


class Untaught:
    """`tried`: where the exchanges stand of which examples were sought."""

    def __init__(self, tried: Iterable[Exchange]):
        self.tried = dict.fromkeys(f"{one.file}:{one.line}" for one in tried)
        self.taught: set[str] = set()
        self.unbacked: set[str] = set()

    def of(self, row: Example, backed: bool) -> bool:
        """Notes of a row whether what is before its answer bears it out; gives that back."""
        (self.taught if backed else self.unbacked).add(row.source.ref)
        return backed

    def count(self, troubles: Troubles, undescribed: set[str]) -> None:
        """Counts those of which no example was made."""
        for ref in self.tried:
            if ref in self.unbacked and ref not in self.taught:
                troubles.add("turn with a call or an answer that nothing before it bears out", ref)
            elif ref in undescribed and ref not in self.taught:
                troubles.add("turn with a tool that nothing describes", ref)
            elif ref not in self.taught:
                troubles.add("turn of which not all can be shown", ref)
