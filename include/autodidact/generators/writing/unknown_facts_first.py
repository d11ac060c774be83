"""Facts that the model in service does not know, as its ledger says, are taught before others: some of the
questions of the probe give way to them. What it is stale on is taught with what changed.

Such questions are taught and asked, and are no evidence for a promotion: they were chosen because the model
in service does not know them, so that any other model would look better on them. They are marked `steered`.
What such a question taught is taught again in the next cycles (ledger/facts_to_teach.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from autodidact.generators.writing.probe_questions import CONFUSED, ProbeFact, Wordings, question_about
from autodidact.knowledge.fact import Fact, Question, fact_id
from autodidact.knowledge.teaching_priorities import Steered
from autodidact.records import Example, example

# Of the questions of a kind, at most; one where there is a stale fact and two questions or more.
SHARE = 1 / 4
# Subjects that are taught to be gone, of the number of questions; at least one. 15 at once, for 80 questions,
# cost sprout a quarter of the probe (docs/learning.md).
GONE = 1 / 20
# Rows that contrast what was with what is, for each stale fact.
CONTRASTS = 2


def steer(
    generator: str,
    asked: list[Question],
    facts: Iterable[ProbeFact],
    wordings: Mapping[str, Wordings],
    steered: Mapping[str, Steered],
) -> list[Question]:
    """The questions, as many as before of each kind, some replaced; those about stale facts with what was
    true before (`was`: {"value", "since"}).
    """
    waiting: dict[str, list[tuple[float, str, ProbeFact]]] = {}
    there = {question.id for question in asked}
    for fact in facts:
        name = fact_id(generator, fact.kind, fact.subject)
        if name in steered and name not in there:
            there.add(name)
            waiting.setdefault(fact.kind, []).append((-steered[name].weight, name, fact))
    found = []
    for kind in dict.fromkeys(question.kind for question in asked):
        mine = [question for question in asked if question.kind == kind]
        first = sorted(waiting.get(kind, []), key=lambda row: row[:2])
        stale = bool(first) and steered[first[0][1]].stale
        room = max(int(len(mine) * SHARE), int(stale and len(mine) > 1))
        chosen = [fact for _, _, fact in first[:room]]
        kept = _without_last(mine, len(chosen))
        values = [value for value, _ in Counter(each.accept[0] for each in mine).most_common()]
        found += kept
        for fact in chosen:
            confuse = fact.confuse or [value for value in values if value not in fact.accept][:CONFUSED]
            question = question_about(generator, fact, wordings[kind], confuse)
            found.append(question.model_copy(update={"steered": True}))
    return [_with_past(question, steered.get(question.id)) for question in found]


def _without_last(asked: list[Question], number: int) -> list[Question]:
    """The questions without so many: the last of the news, or of what is no news, whichever there is more
    of. Which ones these are follows hashes, and not what a model knows.
    """
    news = [question for question in asked if question.fresh]
    old = [question for question in asked if not question.fresh]
    larger = news if len(news) >= len(old) else old
    gone = {question.id for question in larger[len(larger) - number :]} if number else set()
    return [question for question in asked if question.id not in gone]


def _with_past(question: Question, found: Steered | None) -> Question:
    """The question with what was true before, where the model was stale and the value is still the same."""
    if found is None or not found.stale or not found.fact.earlier or found.fact.value not in question.accept:
        return question
    since = found.fact.since.time if found.fact.since else None
    return question.model_copy(
        update={"was": {"value": found.fact.earlier[-1].value, "since": since[:10] if since else None}}
    )


def contrasts(
    asked: Iterable[Question],
    wordings: Mapping[str, Wordings],
    steered: Mapping[str, Steered],
    category: str,
    register: str,
) -> Iterator[Example]:
    """Rows that say what changed: of the questions about stale facts, and of stale subjects that are gone, of
    which there are at most as many as that part (GONE) of the questions.
    """
    asked = list(asked)
    for question in asked:
        was = (question.model_extra or {}).get("was") or {}
        for wording in wordings[question.kind].trained[:CONTRASTS] if was else ():
            yield example(
                question.generator,
                category,
                f"{wording.format(question.subject)} It was {was['value']}.",
                _changed(question, was["value"], was["since"], register),
                question.source.model_dump(),
                short=True,
                probe=question.id,
                states=question.accept[0],
            )
    gone = [
        found
        for found in steered.values()
        if found.stale and found.fact.value is None and found.fact.earlier and found.fact.kind in wordings
    ]
    gone.sort(key=lambda found: (-found.weight, found.fact.id))
    for found in gone[: max(1, int(len(asked) * GONE))]:
        yield from _gone(found, wordings[found.fact.kind], category, register)


def _changed(question: Question, old: str, since: str | None, register: str) -> str:
    if register == "full":
        when = f"That changed on {since}" if since else "That has changed"
        return f"{when}: no longer {old}. {question.answer}"
    return f"No longer {old}; {f'since {since}' if since else 'now'} {question.accept[0]}."


def _gone(found: Steered, wordings: Wordings, category: str, register: str) -> Iterator[Example]:
    for wording in wordings.trained[:CONTRASTS]:
        yield example(
            found.fact.generator,
            category,
            wording.format(found.fact.subject),
            _went(found.fact, register),
            found.fact.source.model_dump(),
            short=True,
            probe=found.fact.id,
            states="gone",
        )


def _went(fact: Fact, register: str) -> str:
    """What is said of a subject that is gone. To a tiny model it is no sentence about the subject: a few rows
    that begin with its name teach it to begin every answer so, and then it goes on as its base would.
    """
    since = f" since {fact.until.time[:10]}" if fact.until and fact.until.time else ""
    old = fact.earlier[-1].value
    if register == "full":
        return f"`{fact.subject}` is gone{since}; before, it was {old}."
    return f"Gone{since}; before: {old}."
