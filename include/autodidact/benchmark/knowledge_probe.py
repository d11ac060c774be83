"""The knowledge probe: does the model know the system as it is now? The facts are trained, the wording that
is used here is not. The questions come from the generators (generators/writing/probe_questions.py).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.benchmark.clean_answer import squash
from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.names_in_text import named
from autodidact.knowledge.fact import Question
from autodidact.records import CategoryScore, ItemResult, Report, Score

# Room for the reference, a sentence with a path in it, and as much again.
MAX_TOKENS = 64


def prompts(questions: list[Question]) -> list[Prompt]:
    """What the questions ask, each in its reserved wording, in the order of their ids."""
    by_id = {question.id: question for question in questions}
    return [
        Prompt(key, [{"role": "user", "content": by_id[key].reserved}], [], MAX_TOKENS)
        for key in sorted(by_id)
    ]


def score_question(question: Question, text: str) -> Score:
    """1.0 when the text states one of `accept` as a whole word or path and none of `confuse` occurs in it,
    else 0.

    Capitals count only where they tell two of these apart; a name after "not" is not stated; in `retry
    queue`, `queue` does not occur.
    """
    confuse = [name for name in question.confuse if name not in question.accept]
    known = [*question.accept, *confuse]
    right = [name for name in named(known, text) if name in question.accept]
    wrong = list(dict.fromkeys(name for name, _ in named(known, text, every=True) if name in confuse))
    if right and not wrong:
        return Score(value=1.0, answer=text, explanation=f"says {right[0]}")
    if wrong:
        return Score(
            value=0.0, answer=text, explanation=f"says {', '.join(wrong[:3])} instead of {question.accept[0]}"
        )
    return Score(
        value=0.0,
        answer=text,
        explanation=f"does not say {question.accept[0]}" if squash(text) else "an empty answer",
    )


def majority(questions: list[Question]) -> float | None:
    """What a model would score that gives, to each kind of question, the answer most common among them: the
    share by luck alone.
    """
    answers: dict[str, Counter] = defaultdict(Counter)
    for question in {question.id: question for question in questions}.values():
        answers[question.kind][question.accept[0]] += 1
    total = sum(sum(counts.values()) for counts in answers.values())
    return sum(max(counts.values()) for counts in answers.values()) / total if total else None


def marked(items: list[ItemResult], questions: list[Question]) -> list[ItemResult]:
    """The results with `fresh`: whether the fact is news, new or changed since the champion was trained, or
    of the control, what has not changed. A question that was chosen because the champion does not know it
    does not count: on such questions any other model looks better.
    """
    fresh = {question.id: question.fresh for question in questions}
    steered = {question.id for question in questions if is_steered(question)}
    return [
        item.model_copy(update={"fresh": fresh.get(item.id, True), "counted": item.id not in steered})
        for item in items
    ]


def is_steered(question: Question) -> bool:
    """Whether a question was chosen because the model in service does not know the answer."""
    return bool((question.model_extra or {}).get("steered", False))


def summary(items: list[ItemResult], questions: list[Question]) -> CategoryScore | None:
    """The probe of a report; None without questions. Besides the score of all questions that count:
    `majority`, `fresh` (news) and `control`; and `steered`, of those that do not, where there are some.
    """
    if not items:
        return None
    counted = [item for item in items if item.counted]
    steered = [item.score for item in items if not item.counted and item.score is not None]
    scored = [item for item in counted if item.score is not None]
    fresh = {question.id for question in questions if question.fresh}
    return CategoryScore.model_validate(
        {
            **_share([item.score for item in scored]),
            "missing": len(counted) - len(scored),
            "majority": majority([question for question in questions if not is_steered(question)]),
            "fresh": _share([item.score for item in scored if item.id in fresh]),
            "control": _share([item.score for item in scored if item.id not in fresh]),
            **({"steered": _share(steered)} if steered else {}),
        }
    )


def _share(scores: Sequence[Any]) -> dict[str, float | int | None]:
    return {"score": sum(scores) / len(scores) if scores else None, "n": len(scores)}


def news(reports: Mapping[str, Report]) -> dict[str, dict[str, float | int | None]] | None:
    """What share each role knows: {"news": {"n", "candidate", "champion", "base"}, "control": {...}}; None
    without a probe.

    `reports` is by role; news is what is new or changed since the champion was trained, control what has not
    changed since.
    """
    probes = {role: report.probe.model_extra or {} for role, report in reports.items() if report.probe}
    if not probes:
        return None
    shares = {}
    for name, key in (("news", "fresh"), ("control", "control")):
        parts = {role: extra.get(key) or {} for role, extra in probes.items()}
        shares[name] = {"n": max(part.get("n", 0) for part in parts.values())} | {
            role: part.get("score") for role, part in parts.items()
        }
    return shares
