"""The process that answers: `python -m autodidact.ledger.answer_process`, a child (models/child_process.py)
of whoever asks. It sends each batch of answers to its parent, which keeps them.
"""

from typing import Any

from autodidact.benchmark.answer_batches import plan
from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.measuring_process import engine_of
from autodidact.models import child_process
from autodidact.records import canonical

# The last engine, with what it was loaded for: two models may not fit.
_loaded: dict[str, Any] = {}


def work(spec: dict, voice: Any) -> None:
    """Answers the prompts of the spec, batch by batch: {"answers": {id: text}, "errors": {id: why}} each."""
    where = [spec["engine_url"], spec["through"]]
    name = canonical([spec["model"], spec["quantization"], where, spec["settings"]["training"]])
    if name not in _loaded:
        _loaded.clear()
        _loaded[name] = engine_of(spec)
    engine = _loaded[name]
    batches = plan([Prompt(**prompt) for prompt in spec["prompts"]], engine.length, spec["batch"])
    for number, batch in enumerate(batches, 1):
        answers = dict(zip((prompt.id for prompt in batch), engine.answer(batch), strict=True))
        voice.event(
            {
                "answers": {key: answer.text for key, answer in answers.items() if not answer.error},
                "errors": {key: answer.error for key, answer in answers.items() if answer.error},
            }
        )
        voice(f"  questions: batch {number} of {len(batches)}")


if __name__ == "__main__":
    child_process.main(work)
