"""A fact of the living system, the question of the knowledge probe about it, and since when it is true.

The JSON forms are a contract (docs/formats.md): fields may be added, never renamed.
"""

from typing import Literal

from autodidact.records import Record, Source, canonical, sha256


def fact_id(generator: str, kind: str, subject: str) -> str:
    """The identity of a fact and of the question about it, whatever is true of its subject."""
    return sha256(canonical([generator, kind, subject]))


class Question(Record):
    """A fact of the knowledge probe: `wordings` are trained (the generator yields them as examples),
    `reserved` is asked only by the benchmark.
    """

    format: Literal[1] = 1
    id: str  # sha256 of (generator, kind, subject)
    generator: str
    kind: str  # e.g. "defined_in": questions of a kind share their wordings and the shape of their answer
    subject: str
    reserved: str  # the whole user message of the reserved wording
    answer: str  # the reference answer, a sentence
    accept: list[str]  # answered right when one of these occurs as a whole word or path ...
    confuse: list[str] = []  # ... and none of these does (the same kind's other values)
    fresh: bool = True  # new or changed since the champion's commit
    source: Source


class Moment(Record):
    """When something became true, or stopped being so. A source with a history gives time and commit; of
    another one it is the time and the id of the first cycle that read it so. `time` None: not known.
    """

    time: str | None = None
    commit: str | None = None
    cycle: str | None = None


class EarlierValue(Record):
    """What was true before. `since` None: from when on is not known."""

    value: str
    accept: list[str]
    since: Moment | None = None
    until: Moment


class Fact(Record):
    """What the system says of a subject, and since when: a question of the knowledge probe over time.

    A subject that is gone has no value; `until` says when it went, and `earlier` what it was. `since` None:
    from when on it is so is not known. An empty `confuse` stands for the other values of the kind.
    """

    format: Literal[1] = 1
    id: str  # the same as that of the Question: sha256 of (generator, kind, subject)
    generator: str
    kind: str
    subject: str
    value: str | None
    accept: list[str] = []
    confuse: list[str] = []
    reserved: str
    answer: str = ""  # the reference answer, a sentence; empty of a subject that is gone
    use: Question | None = None  # a second reserved question, which can be answered only with the fact
    source: Source
    since: Moment | None = None
    until: Moment | None = None
    earlier: list[EarlierValue] = []  # the oldest first
    users: int = 0  # how many places of the system use the subject, where that is known
    asked: int = 0  # how many requests of the last conversations name the subject
