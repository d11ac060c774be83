"""What every transcript becomes: exchanges. An exchange is a person's question, what was done about it, and
their next words.
"""

from dataclasses import dataclass, field
from datetime import datetime

from autodidact.sources.transcripts.outcomes import Outcome, worse
from autodidact.sources.transcripts.turn import Call, Who
from autodidact.sources.transcripts.untrusted_fields import moment


@dataclass
class Exchange:
    """What a person asked for (`text`, at `line` of `file`), what was done, and their next words (`followed`;
    None: nothing yet), and the model's first words after those (`reaction`, its beginning; "": none yet).

    `who` opened it: of anybody but a person there is no `text`, and it is never taught. `lost` and `steers`
    are those of the person's turn. `outcome` is the worst of its calls and answers. `calls` are those of the
    first step, which follow from the request alone, at `called`; `later` counts the calls after them, and
    `then` holds the first MAX_CALLS of those. `reply` is the last answer, at line `answered`; `final`: no
    call came after it; `left`: what the record leaves open of its end. `end` is the time of the last turn.
    `heard`: what the person typed when a call asked them, `asked` what it asked. `before` is the exchange
    that this one continues.
    `tools` are digests of the tools that the conversation declares, `system` its system prompt or "".
    """

    file: str
    text: str
    line: int
    time: datetime | None = None
    end: datetime | None = None
    who: Who = Who.PERSON
    lost: str = ""
    steers: bool = False
    outcome: Outcome = Outcome.SUCCEEDED
    calls: list[Call] = field(default_factory=list)
    called: int = 0
    later: int = 0
    then: list[Call] = field(default_factory=list)
    reply: str = ""
    answered: int = 0
    final: bool = False
    left: str = ""
    followed: str | None = None
    reaction: str = ""
    heard: str = ""
    asked: str = ""
    before: "Exchange | None" = None
    tools: tuple[str, ...] = ()
    system: str = ""

    @property
    def empty(self) -> bool:
        """Whether nobody asked and nobody answered: a notice of the harness."""
        return self.who is not Who.PERSON and not self.reply and not self.called and not self.later

    def ends(self, outcome: Outcome) -> None:
        """A part of it ended so."""
        self.outcome = worse(self.outcome, outcome)

    def plain(self) -> dict:
        """As JSON, without what came before."""
        calls, then = [vars(call) for call in self.calls], [vars(call) for call in self.then]
        times = {"time": _text_of(self.time), "end": _text_of(self.end)}
        return vars(self) | {"before": None, "calls": calls, "then": then} | times

    @classmethod
    def from_plain(cls, data: dict) -> "Exchange":
        times = {"time": moment(data["time"]), "end": moment(data["end"])}
        typed = {"who": Who(data["who"]), "outcome": Outcome(data["outcome"]), "tools": tuple(data["tools"])}
        calls = {key: [Call.from_plain(call) for call in data[key]] for key in ("calls", "then")}
        return cls(**data | calls | typed | times)


def _text_of(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
