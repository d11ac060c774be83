"""From facts to questions of the knowledge probe and to the examples that teach them: the same way for every
generator that reads the system.

A kind of fact has four wordings that are trained and one that is reserved for the question. Which facts are
asked about follows hashes, so the same ones stay from cycle to cycle while they hold, and is spread over many
answers, so that no constant answer scores.

    WORDINGS = {"port": Wordings(("Which port does `{}` listen on?", ...three more), "On what port is `{}`
    reached?", "`{}` listens on port {}.")}
    source = {"kind": "document", "ref": "compose.yaml:3"}
    facts = [ProbeFact("port", "mail", "8025", ["8025"], source)]
    asked = questions("architecture_docs", facts, WORDINGS)    # what `questions` of the generator returns
    yield from examples(asked, WORDINGS, "architecture")       # what its `examples` yields first
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autodidact.generators import find
from autodidact.knowledge.fact import Fact, Question, fact_id
from autodidact.records import Example, Source, canonical, example, from_messages, sha256

# Of them about what has not changed, as far as there is such: does a model still know it?
CONTROL = 1 / 6
# Most questions of a kind that share an answer.
MAJORITY = 0.15
# Full wordings that teach a fact in a cycle, each of another kind of text.
SHAPES = 4
# Other answers that must not occur.
CONFUSED = 30
# What the source of a fact may say for its wordings.
PLACES = ("path", "line", "entry", "inside", "request")


@dataclass(frozen=True)
class Wordings:
    """Question shapes with `{}` for the subject; the answer's for subject and value. `share`: of the
    generator's questions, as a weight among its kinds.

    `full`: what the register `full` trains: question and answer (`ask`, `say`) with `{0}` for the subject,
    `{1}` for the value, and `{2}` for another value of the kind, which is wrong of this subject; of a fact
    that stands in lines of a file also `{path}` and `{line}`, of a port `{entry}` and `{inside}`, of an
    operation its whole `{request}`, and `{3}`
    for a title.

    `use`: a second reserved question, which cannot be answered without the fact: `ask` with `{0}` for the
    subject, and how an answer is `scored`: by the fact's `value`, or as the fact's `use` has `given` it,
    which also says what `{1}` and `{2}` stand for.
    """

    trained: Sequence[str]
    reserved: str
    answer: str
    share: float = 1.0
    full: Sequence[Mapping[str, str]] = ()
    use: Mapping[str, str] | None = None


def read_wordings(table: Mapping[str, Mapping]) -> dict[str, Wordings]:
    """The wordings of a table: kind of fact to the fields of Wordings."""
    return {kind: Wordings(**fields) for kind, fields in table.items()}


@dataclass(frozen=True)
class Use:
    """What the question about the use of a fact has besides the subject: what `{1}` and `{2}` stand for, and
    what is right and what is wrong.
    """

    slots: tuple[str, ...]
    accept: list[str]
    confuse: list[str] = field(default_factory=list)


def one_of_two(right: str, wrong: str, part: str = "") -> Use:
    """Which of two is right; which one comes first follows a hash of both. `part`: what may follow either in
    an answer, such as `.method` after a class.
    """
    first, second = sorted((right, wrong), key=lambda name: sha256(f"{right}/{wrong}/{name}"))
    accept, confuse = ([name, name + part] if part else [name] for name in (right, wrong))
    return Use((first, second), accept, confuse)


@dataclass
class ProbeFact:
    """What holds of a subject. `accept`: what states the value, the value itself first; `confuse`: what
    states another one (filled in when empty).

    `users`: how many places of the system use the subject, where that is known. `use`: for the question about
    its use, where its wording asks for that; without it there is none. `source` may be a function
    that finds it, where that costs something.
    """

    kind: str
    subject: str
    value: str
    accept: list[str]
    source: dict | Callable[[], dict]
    fresh: bool = True
    confuse: list[str] = field(default_factory=list)
    users: int = 0
    use: Use | None = None

    @cached_property
    def hash(self) -> str:
        """What the choice goes by."""
        return sha256(f"{self.kind}/{self.subject}")


def questions(generator: str, facts: Iterable[ProbeFact], wordings: Mapping[str, Wordings]) -> list[Question]:
    """At most the generator's share (`probe` in the list) of the facts as questions. Facts of one kind must
    have different subjects; a kind without facts leaves its share.
    """
    facts = list(facts)
    by_kind = {kind: [fact for fact in facts if fact.kind == kind] for kind in wordings}
    total = sum(wordings[kind].share for kind, found in by_kind.items() if found)
    made: list[Question] = []
    share = find(generator).probe
    before = after = 0.0  # the shares of the kinds so far: rounded so, they make up the whole
    for kind, found in by_kind.items():
        if found:
            before, after = after, after + share * wordings[kind].share / total
            chosen = _spread(found, round(after) - round(before))
            values = Counter(fact.value for fact in chosen)
            ordered = sorted(values, key=lambda value: (-values[value], value))
            for fact in chosen:
                confuse = fact.confuse or [value for value in ordered if value not in fact.accept][:CONFUSED]
                made.append(question_about(generator, fact, wordings[kind], confuse))
    return made


def facts_now(generator: str, facts: Iterable[ProbeFact], wordings: Mapping[str, Wordings]) -> Iterator[Fact]:
    """What `probe_facts` of a generator returned, as it is written once a cycle: all of it, not only what the
    probe asks about. Since when it is so is not known here. One fact of each kind and subject.
    """
    met: set[str] = set()
    for fact in facts:
        name = fact_id(generator, fact.kind, fact.subject)
        if name not in met:
            met.add(name)
            yield Fact(
                id=name,
                generator=generator,
                kind=fact.kind,
                subject=fact.subject,
                value=fact.value,
                accept=fact.accept,
                confuse=fact.confuse,
                reserved=wordings[fact.kind].reserved.format(fact.subject),
                answer=wordings[fact.kind].answer.format(fact.subject, fact.value),
                source=Source.model_validate(fact.source() if callable(fact.source) else fact.source),
                users=fact.users,
                use=use_question(generator, fact, wordings[fact.kind]),
            )


def use_question(generator: str, fact: ProbeFact, wordings: Wordings) -> Question | None:
    """The question about the use of a fact; None where its kind, or the fact, has none. An empty `confuse`
    stands for the other values of the kind where the value is asked for.
    """
    words = wordings.use
    if words is None or (words["scored"] == "given" and fact.use is None):
        return None
    use = fact.use if words["scored"] == "given" and fact.use else Use((), fact.accept, fact.confuse)
    return Question(
        id=sha256(canonical([generator, fact.kind, fact.subject, "use"])),
        generator=generator,
        kind=fact.kind,
        subject=fact.subject,
        reserved=words["ask"].format(fact.subject, *use.slots),
        answer=use.accept[0],
        accept=use.accept,
        confuse=use.confuse,
        fresh=fact.fresh,
        source=Source.model_validate(fact.source() if callable(fact.source) else fact.source),
    )


def examples(asked: Iterable[Question], wordings: Mapping[str, Wordings], category: str) -> Iterator[Example]:
    """The four trained wordings of each question, marked with the question's id (`probe`). All have the bare
    value as their answer: a sentence around it is the same for all facts of a kind, and training is spent on
    that instead of on the fact (docs/learning.md).
    """
    for question in asked:
        for wording in wordings[question.kind].trained:
            yield example(
                question.generator,
                category,
                wording.format(question.subject),
                question.accept[0],
                question.source.model_dump(),
                short=True,
                probe=question.id,
            )


def full_examples(
    asked: Iterable[Question],
    wordings: Mapping[str, Wordings],
    category: str,
    titles: Mapping[str, str] | None = None,
    others: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Example]:
    """`SHAPES` of the full wordings of each question, in turns, so that all of a kind come up equally often;
    the four trained ones where a kind has no others. Each is marked with the question's id, and a full one
    with the value that it `states`. `titles`: what `{3}` stands for, by subject. `others`: what `{2}` may
    stand for, by the question's id, where not every other value of the kind could be taken for the right one.
    """
    turns: Counter[str] = Counter()
    for question in asked:
        place = _place(question)
        wrong = question.confuse if others is None else others.get(question.id, [])
        lacking = [slot for slot in PLACES if slot not in place] + ["2"] * (not wrong)
        shapes = [
            shape
            for shape in wordings[question.kind].full
            if not any("{" + slot + "}" in shape["ask"] + shape["say"] for slot in lacking)
        ]
        if not shapes:
            yield from examples([question], wordings, category)
            continue
        first = turns[question.kind]
        turns[question.kind] += SHAPES
        for turn in range(min(SHAPES, len(shapes))):
            shape = shapes[(first + turn) % len(shapes)]
            title = (titles or {}).get(question.subject) or question.subject
            names = (question.subject, question.accept[0], _other(question, wrong, turn), title)
            yield example(
                question.generator,
                category,
                shape["ask"].format(*names, **place),
                shape["say"].format(*names, **place),
                question.source.model_dump(),
                probe=question.id,
                states=question.accept[0],
            )


def names_another(text: str, question: Question) -> bool:
    """Whether a text names another value of the kind, which the probe would take for the answer."""
    values = (value for value in question.confuse if value not in question.accept)
    return any(re.search(rf"(?<![\w/.]){re.escape(value)}(?![\w/])", text) for value in values)


def with_more(row: Example, more: str, question: Question) -> Example:
    """The row; its answer goes on with `more`, unless that is empty or names another value of the kind."""
    return lengthened(row, more) if more and not names_another(more, question) else row


def lengthened(row: Example, more: str) -> Example:
    """The row; its answer goes on with `more`."""
    messages = [*row.messages[:-1], row.messages[-1] | {"content": f"{row.messages[-1]['content']} {more}"}]
    source = row.source.model_dump()
    return from_messages(row.generator, row.category, messages, source, **(row.model_extra or {}))


def _place(question: Question) -> dict[str, str]:
    """The file and the first line of what the question is about, and more, where its source says that."""
    extra = question.source.model_extra or {}
    found = {name: extra.get(name) for name in PLACES} | {"line": next(iter(extra.get("lines") or ()), None)}
    return {name: str(value) for name, value in found.items() if value is not None}


def _other(question: Question, wrong: Sequence[str], turn: int) -> str:
    """One of the wrong values, not the same one each time."""
    start = int(question.id[:8], 16) + turn
    return wrong[start % len(wrong)] if wrong else ""


def question_about(generator: str, fact: ProbeFact, wordings: Wordings, confuse: list[str]) -> Question:
    """The question about a fact; `confuse`: what states another value."""
    return Question(
        id=fact_id(generator, fact.kind, fact.subject),
        generator=generator,
        kind=fact.kind,
        subject=fact.subject,
        reserved=wordings.reserved.format(fact.subject),
        answer=wordings.answer.format(fact.subject, fact.value),
        accept=fact.accept,
        confuse=confuse,
        fresh=fact.fresh,
        source=Source.model_validate(fact.source() if callable(fact.source) else fact.source),
    )


def _spread(facts: list[ProbeFact], quota: int) -> list[ProbeFact]:
    """Fresh ones first, but for the control; in rounds, one of each answer, by hash; none of more than its
    share.
    """
    control = min(round(quota * CONTROL), sum(not fact.fresh for fact in facts))
    most = max(1, math.ceil(quota * MAJORITY))
    taken: Counter = Counter()
    chosen: list[ProbeFact] = []
    for fresh in (True, False):
        waiting: dict[str, list[ProbeFact]] = defaultdict(list)
        for fact in facts:
            if fact.fresh is fresh:
                waiting[fact.value].append(fact)
        order = sorted(waiting, key=sha256)
        for value in order:
            waiting[value].sort(key=lambda fact: fact.hash, reverse=True)
        room = quota - control if fresh else quota
        while waiting and len(chosen) < room:
            for value in list(filter(waiting.__contains__, order)):
                if taken[value] >= most or len(chosen) >= room:
                    del waiting[value]
                    continue
                chosen.append(waiting[value].pop())
                taken[value] += 1
                if not waiting[value]:
                    del waiting[value]
    return chosen
