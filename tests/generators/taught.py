"""How the facts of the knowledge probe are taught by short answers."""

from collections.abc import Iterable

from autodidact.benchmark.knowledge_probe import score_question
from autodidact.knowledge.fact import Question
from autodidact.records import Example


def assert_taught(asked: Iterable[Question], rows: list[Example]) -> None:
    """Each fact is taught in four wordings, none of them the reserved one, by its value alone; value and
    reference answer are both right.
    """
    prompts = {row.prompt() for row in rows}
    for question in asked:
        assert question.reserved not in prompts
        taught = [row for row in rows if (row.model_extra or {}).get("probe") == question.id]
        assert len({row.prompt() for row in taught}) == 4
        assert {(row.response(), row.short) for row in taught} == {(question.accept[0], True)}
        assert [score_question(question, text).value for text in (question.answer, question.accept[0])] == [
            1,
            1,
        ]


def assert_no_constant_answer_scores(asked: list[Question], *constants: str) -> None:
    """One answer to all questions is right for two at most; `constants`: tried besides the answers."""
    for constant in {text for q in asked for text in (q.answer, q.accept[0])} | set(constants):
        assert sum(score_question(q, constant).value for q in asked) <= 2
