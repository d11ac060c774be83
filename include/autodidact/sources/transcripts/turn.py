"""One turn of a conversation: what every format is read as.

Who spoke, what was said, which tools were called, what they gave, and how it ended. Only a person's turn
opens an exchange that can be taught; a turn that nobody typed closes the exchange before it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from autodidact.sources.transcripts.outcomes import Outcome
from autodidact.sources.transcripts.untrusted_fields import moment, size

# Characters of a call's arguments that are kept; a longer call (such as a whole file) still shows which
# properties it gave.
MAX_ARGUMENTS = 2_000

_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


class Who(StrEnum):
    """Who spoke a turn."""

    PERSON = "person"
    MODEL = "model"
    # What the program around the model wrote in a person's place: commands, hooks, notices, summaries.
    HARNESS = "harness"
    SUBAGENT = "sub-agent"
    SESSION = "other session"
    TOOL = "tool"


@dataclass
class Call:
    """A tool call. `arguments` is None where they are too long to keep or cannot be read; `shape`: their
    types.
    """

    name: str
    arguments: dict[str, Any] | None
    shape: dict[str, str] = field(default_factory=dict)
    result: str = ""
    outcome: Outcome = Outcome.UNKNOWN

    @classmethod
    def of(cls, name: str, arguments: dict[str, Any]) -> "Call":
        kept = arguments if size(arguments, MAX_ARGUMENTS) <= MAX_ARGUMENTS else None
        shape = {key: _TYPES.get(type(value), "null") for key, value in list(arguments.items())[:50]}
        return cls(name, kept, shape)

    @classmethod
    def from_plain(cls, data: dict) -> "Call":
        return cls(**data | {"outcome": Outcome(data["outcome"])})

    @property
    def ok(self) -> bool | None:
        """Whether it succeeded; None while nothing is known."""
        if self.outcome in (Outcome.UNKNOWN, Outcome.RUNNING):
            return None
        return self.outcome is Outcome.SUCCEEDED


@dataclass
class Result:
    """What a call gave. `ident` is the call's; None: the oldest call that has no result. `exited`: an exit
    code says how it went, whatever words it printed. `marked`: a field of the record says how it went.
    """

    ident: str | None
    text: str
    outcome: Outcome
    exited: bool = False
    marked: bool = False


@dataclass
class Turn:
    """`calls` are (id, call); `outcome` is how a model's answer ended. `node` and `parent` place the turn in
    a tree, `message` names the answer that it is a part of.

    Of a person: `lost` says what their words need and the record does not hold ("" for nothing); `steers`:
    they spoke before the answer was ready. Of a model: `lost` says what its answer was made of and is not
    there, `left` what its record leaves open of its end (`left_open`). Of the harness: `again` is whether it
    did not take the answer and sent the model back to the same request.
    """

    who: Who
    text: str = ""
    line: int = 0
    time: datetime | None = None
    node: str | None = None
    parent: str | None = None
    message: str | None = None
    calls: list[tuple[str | None, Call]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    outcome: Outcome = Outcome.SUCCEEDED
    lost: str = ""
    steers: bool = False
    left: str = ""
    again: bool = False

    def plain(self) -> dict:
        """As JSON."""
        own: dict[str, Any] = {"time": self.time.isoformat() if self.time else None}
        own["calls"] = [[ident, vars(call)] for ident, call in self.calls]
        return vars(self) | own | {"results": [vars(result) for result in self.results]}

    @classmethod
    def from_plain(cls, data: dict) -> "Turn":
        own = {"who": Who(data["who"]), "time": moment(data["time"]), "outcome": Outcome(data["outcome"])}
        calls = [(ident, Call.from_plain(call)) for ident, call in data["calls"]]
        results = [Result(**r | {"outcome": Outcome(r["outcome"])}) for r in data["results"]]
        return cls(**data | own | {"calls": calls, "results": results})
