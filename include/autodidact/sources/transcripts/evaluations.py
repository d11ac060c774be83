"""What an evaluation says of an answer: `scores`, `feedback_stats`, `gradingResult`.

Graders and interfaces name their measures as they like and keep them in many forms: `{"exact_match": 0}`,
`[{"name": "correctness", "value": 0}]`, `{"match": {"value": "I"}}`. So within an evaluation every number,
truth value and word counts, except those that are known to say something else.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.transcripts.names_of_fields import words_of
from autodidact.sources.transcripts.outcomes import Outcome, ending
from autodidact.sources.transcripts.verdict_words import (
    ASPECTS,
    flagged,
    less_is_better,
    number,
    of_number,
    of_text,
)

# Entries of one object, or of a list in it, and how deep they are looked at.
MOST_FIELDS, MOST_ITEMS, DEPTH = 200, 20, 6

# Words in the name of a field that holds an evaluation.
_HOLDS = frozenset(
    "score scores scoring eval evals evaluation evaluations evaluator evaluators feedback"
    " annotation annotations grading grades graded grader grade rating ratings judge judges"
    " judgement judgements judgment judgments verdict verdicts assessment assessments reward rewards".split()
)
# Of those that measure something other than the answer, or by which it was made.
_OF_OTHERS = frozenset(
    "moderation category categories toxicity safety risk severity search similarity retrieval"
    " rerank reranker document documents token tokens log logit confidence credit sentiment"
    " perplexity prompt lead threshold split set config settings model url id ids name names type"
    " count enabled version at time date".split()
)
# What a lone number or word is that is judged: `score`, `user_rating`, `overall_score`, `human_eval`.
_ALONE = frozenset(
    "score scores reward rewards total final overall user human judge model llm gpt avg mean"
    " average quality answer response exact match eval evaluation grading rating feedback result f".split()
)
_NUMBERS, _WORDS = (
    frozenset("score scores reward rating feedback".split()),
    frozenset("eval evaluation grading score".split()),
)
# Fields of an evaluation that hold its verdict; without one each field of it is a verdict by its name.
_VERDICT = frozenset(
    "value score label avg mean average pass passed passes verdict rating grade correct outcome"
    " result string thumb vote".split()
)
# Fields of an evaluation that hold no verdict.
_ASIDE = frozenset(
    "id ids n count counts weight weights threshold latency duration time timestamp date created"
    " updated at ms seconds tokens token cost version epoch index start end offset line confidence"
    " stdev std variance min max name key source type kind data model by evaluator annotator author"
    " user config queue trace span run session environment identifier metadata meta tags comment"
    " comments text message explanation reason reasoning rationale answer target expected prompt"
    " input output correction assertion usage url complexity verbosity length difficulty readability"
    " language lang total numbers num number turns steps reviewed ground truth public auto final"
    " edited lead visible anonymous automatic human manual skipped draft ranking".split()
)

# Of a field that says whether a verdict could be given.
_OFFERED = frozenset("enabled requested shown available allowed required asked given sent submitted".split())
# With `grade`: for whom something is written.
_SCHOOL = frozenset("level reading school class year".split())
# What an evaluation says of itself, or of the answer.
_STATES = frozenset("state status".split())
# Aside, unless their value is a verdict: `{"type": "dislike"}`.
_MAY_NAME_IT = ("type", "kind")


def speaks(words: Iterable[str]) -> bool:
    """Whether words name an evaluation."""
    return not _HOLDS.isdisjoint(words)


def holds_evaluation(words: list[str], value: Any) -> bool:
    """Whether a field of these words holds an evaluation of the answer."""
    if not isinstance(value, (dict, list)) or not value:
        return False
    return not _HOLDS.isdisjoint(words) and _OF_OTHERS.isdisjoint(words)


def alone(words: list[str], value: Any, more: bool) -> Outcome | None:
    """What a number or a word outside an evaluation says of the answer; None of one that is no measure."""
    if isinstance(value, bool) and not _OFFERED.isdisjoint(words):
        return Outcome.SUCCEEDED
    if "grade" in words and not _SCHOOL.isdisjoint(words):
        return Outcome.SUCCEEDED
    if isinstance(value, str) and "grade" in words and (known := of_text(words, value)) is not None:
        return known
    measure = (not ASPECTS.isdisjoint(words) or {"exact", "match"}.issubset(words)) and _OF_OTHERS.isdisjoint(
        words
    )
    if number(value) and (measure or _only(words, _NUMBERS)):
        return of_number(words, value, more)
    if isinstance(value, str) and (measure or _only(words, _WORDS)):
        return _of_text(words, value, more)
    if value is False and (measure or (_only(words, _WORDS) and "score" not in words)):
        return Outcome.REFUSED
    return None


def above_one(given: dict) -> bool:
    """Whether the measures among these fields have a scale that goes beyond 1."""
    return any(number(v) and v > 1 and not ASPECTS.isdisjoint(words_of(str(k))) for k, v in given.items())


def verdicts(
    value: dict | list, words: list[str], name: str, depth: int
) -> Iterator[tuple[str, Any, Outcome]]:
    """(name, value, what it says) of each verdict of an evaluation."""
    if depth > DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MOST_ITEMS]:
            if isinstance(item, (dict, list)):
                yield from verdicts(item, words, name, depth + 1)
            elif (went := _leaf(words, item, False, True, words, False)) is not None:
                yield name, item, went
        return
    about = [*words, *words_of(str(value.get("name", value.get("key", ""))))]
    yield from _of_object(value, about, name, depth)


def _of_object(value: dict, about: list[str], name: str, depth: int) -> Iterator[tuple[str, Any, Outcome]]:
    """Of the fields of one evaluation; `about`: the words of its names."""
    fields = [(str(key), words_of(str(key)), each) for key, each in list(value.items())[:MOST_FIELDS]]
    held = any(not _VERDICT.isdisjoint(own) for _, own, each in fields if not isinstance(each, (dict, list)))
    more = any(number(each) and each > 1 and _ASIDE.isdisjoint(own) for _, own, each in fields)
    said = []
    for key, own, each in fields:
        is_verdict = not _VERDICT.isdisjoint(own) or not _STATES.isdisjoint(own)
        if not is_verdict and not _ASIDE.isdisjoint(own) and key not in _MAY_NAME_IT:
            continue
        full = f"{name}.{key}"
        if isinstance(each, (dict, list)):
            if each and key not in _MAY_NAME_IT:
                yield from verdicts(each, [*about, *own], full, depth + 1)
        elif (went := _leaf(own, each, more, is_verdict, about, held)) is not None:
            said.append((full, each, went))
    # Who says that it is good says so of a number between as well.
    sure = any(went is Outcome.SUCCEEDED and not number(each) for _, each, went in said)
    yield from (one for one in said if not (sure and one[2] is Outcome.UNKNOWN and number(one[1])))


def comment(value: dict | list) -> str:
    """What somebody wrote in an evaluation, or in several; "" without it."""
    given = [value] if isinstance(value, dict) else dicts_of(value[:MOST_ITEMS])
    texts = [each.get(key) for each in given for key in ("text", "comment", "comments", "message")]
    return next((each for each in texts if isinstance(each, str) and each.strip()), "")


def _leaf(
    words: list[str], value: Any, more: bool, is_verdict: bool, about: Sequence[str], held: bool
) -> Outcome | None:
    """Of one field of an evaluation; `is_verdict`: by its name; `held`: one of its fields is so."""
    if isinstance(value, str):
        # A label may say what it is about.
        known = _of_text([*about, *words], value, more)
        sure = (is_verdict and "annotations" not in about) or not ASPECTS.isdisjoint(words)
        return None if known is Outcome.UNKNOWN and not sure else known
    if held and not is_verdict and ASPECTS.isdisjoint(words):
        return flagged(words, value)
    if isinstance(value, bool):
        if not _OFFERED.isdisjoint(words):
            return None
        return Outcome.REFUSED if value is less_is_better([*about, *words]) else Outcome.SUCCEEDED
    return of_number(words, value, more, about) if number(value) else None


def _of_text(words: list[str], value: str, more: bool) -> Outcome:
    if (known := of_text(words, value)) is not None:
        return known
    try:
        return of_number(words, float(value[:40]), more)
    except ValueError:
        return ending(value)


def _only(words: list[str], these: frozenset[str]) -> bool:
    return not these.isdisjoint(words) and _ALONE.issuperset(words)
