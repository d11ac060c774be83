"""The process that measures: `python -m autodidact.benchmark.measuring_process`, a child
(models/child_process.py) of whoever asks.

It answers and scores what the spec lists, one folder after the other, and leaves in each an inspect_ai log
and at the end `result.json`. The answers lie by batch in a folder of the model's own: started again after a
kill, or with another judge, it resumes from those that are there.
"""

import functools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact.benchmark import knowledge_probe
from autodidact.benchmark.answer_batches import Batches
from autodidact.benchmark.engines import Engine, LocalEngine, Prompt, ServerEngine
from autodidact.benchmark.inspect_ai_provider import inspect_model
from autodidact.benchmark.items import block, find
from autodidact.benchmark.scorers import score
from autodidact.errors import AutodidactError
from autodidact.knowledge.fact import Question
from autodidact.models import child_process
from autodidact.records import ItemResult, Score, canonical, response_text

# Questions to the judge at a time.
JUDGE_CALLS = 8


@dataclass
class Sheet:
    """One folder's work: the prompts, how an answer is scored, what is known of each item."""

    name: str
    folder: Path  # of the log and the result
    answers: Path
    prompts: list[Prompt]
    score: Callable[[str, dict], Score]  # (prompt id, assistant message)
    facts: dict[str, dict[str, Any]]  # fields of ItemResult by prompt id
    references: dict[str, str]


def items_sheet(spec: dict, draw: dict, judge: Any) -> Sheet:
    """A block of the suite, or items by their ids."""
    found = (
        [find(item_id, **draw) for item_id in spec["items"]]
        if "items" in spec
        else block(spec["block"], **draw)
    )
    if each := spec.get("each"):  # the first so many of each category
        found = [item for place, item in enumerate(found) if _before(found, place) < each]
    items = {item.id: item for item in found}
    return Sheet(
        name=_name_of(spec),
        folder=Path(spec["folder"]),
        answers=Path(spec["answers"]),
        prompts=[Prompt(item.id, item.messages, item.tools, item.max_tokens) for item in items.values()],
        score=lambda key, message: score(items[key], message, judge),
        facts={
            key: {
                "category": item.category,
                "family": item.family,
                "hidden": item.hidden,
                "block": item.block,
                "prompt": item.messages,
                "scorer": item.scorer,
            }
            | ({"tools": item.tools} if item.tools else {})
            for key, item in items.items()
        },
        references={key: response_text(item.reference) for key, item in items.items()},
    )


def _before(items: list[Any], place: int) -> int:
    """How many items of the category stand before this one."""
    return sum(item.category == items[place].category for item in items[:place])


def _name_of(spec: dict) -> str:
    if "items" in spec:
        return "dev items"
    return f"block {spec['block']}" + (" again" if "each" in spec else "")


def probe_sheet(spec: dict) -> Sheet:
    """The knowledge probe."""
    questions = {question.id: question for question in map(Question.model_validate, spec["questions"])}
    prompts = knowledge_probe.prompts(list(questions.values()))
    return Sheet(
        name="knowledge probe",
        folder=Path(spec["folder"]),
        answers=Path(spec["answers"]),
        prompts=prompts,
        score=lambda key, message: knowledge_probe.score_question(questions[key], response_text(message)),
        facts={
            prompt.id: {"category": "probe", "family": questions[prompt.id].kind, "prompt": prompt.messages}
            for prompt in prompts
        },
        references={key: question.answer for key, question in questions.items()},
    )


def evaluate(
    sheet: Sheet, engine: Engine, size: int, model: str, judged: bool, voice: Any, decoding: str = ""
) -> list[ItemResult]:
    """Runs the sheet through inspect_ai, in batches of `size`. Raises what the engine or the judge raised;
    then nothing is lost but the batch under way.
    """
    from inspect_ai import Task, eval
    from inspect_ai.dataset import MemoryDataset

    def on_batch(done: int, total: int, new: bool, file: Path) -> None:
        if new:
            voice(f"  {sheet.name}: batch {done} of {total}")
            voice.event({"file": str(file)})

    batches = Batches(sheet.prompts, engine, size, sheet.answers, on_batch, decoding)
    failures: list[Exception] = []
    for unfinished in sheet.folder.glob("*.eval"):
        unfinished.unlink()
    (log,) = eval(
        Task(
            dataset=MemoryDataset(_samples(sheet)),
            solver=_solver(sheet, failures),
            scorer=_scorer(sheet, judged, failures),
            name=sheet.name.replace(" ", "-"),
        ),
        model=inspect_model(model, batches),
        log_dir=str(sheet.folder),
        log_format="eval",
        log_buffer=size,
        log_realtime=False,
        log_model_api=False,
        ctl_server=False,
        display="none",
        score_display=False,
        max_samples=len(sheet.prompts),
        fail_on_error=True,
    )
    if failures:
        raise failures[0]
    if log.status != "success" or len(log.samples or ()) != len(sheet.prompts):
        raise AutodidactError(
            f"inspect_ai ended with status {log.status}:"
            f" {log.error.message if log.error else 'samples are missing'}"
        )
    made = {str(sample.id): sample for sample in log.samples or ()}
    return [_result(prompt.id, made[prompt.id], sheet.facts[prompt.id]) for prompt in sheet.prompts]


def _samples(sheet: Sheet) -> list[Any]:
    from inspect_ai.dataset import Sample

    return [
        Sample(
            id=prompt.id,
            input=_shown(prompt.messages),
            target=sheet.references[prompt.id],
            metadata={"tools": prompt.tools},
        )
        for prompt in sheet.prompts
    ]


def _solver(sheet: Sheet, failures: list[Exception]) -> Any:
    """inspect_ai's solver: the model's answer. What it raises is in `failures` too."""
    from inspect_ai.model import GenerateConfig, get_model
    from inspect_ai.solver import solver

    room = {prompt.id: prompt.max_tokens for prompt in sheet.prompts}

    @solver(name="answer")
    def answer():
        async def solve(state, generate):
            config = GenerateConfig(max_tokens=room[state.sample_id], extra_body={"prompt": state.sample_id})
            try:
                state.output = await get_model().generate(state.messages, config=config)
            except Exception as error:
                failures.append(error)
                raise
            state.messages.append(state.output.message)
            return state

        return solve

    return answer()


def _scorer(sheet: Sheet, judged: bool, failures: list[Exception]) -> Any:
    """inspect_ai's scorer: the sheet's score, in threads where a judge may be needed. What it raises is in
    `failures` too.
    """
    import anyio
    from inspect_ai.scorer import Score as Graded
    from inspect_ai.scorer import mean, scorer

    @scorer(name="score", metrics=[mean()])
    def grade():
        limiter = anyio.CapacityLimiter(JUDGE_CALLS)

        async def graded(state, target):
            text = state.output.completion
            if state.output.error:
                return Graded.unscored(reason=state.output.error, answer=text)
            work = functools.partial(sheet.score, state.sample_id, state.output.metadata["message"])
            try:
                given = await anyio.to_thread.run_sync(work, limiter=limiter) if judged else work()
            except Exception as error:
                failures.append(error)
                raise
            if given.value is None:
                return Graded.unscored(reason=given.missing, answer=text, explanation=given.explanation)
            return Graded(value=given.value, answer=text, explanation=given.explanation)

        return graded

    return grade()


def _result(key: str, sample: Any, facts: dict[str, Any]) -> ItemResult:
    given = sample.scores["score"]
    missing = str(given.reason) if isinstance(given.value, float) and given.value != given.value else None
    return ItemResult(
        id=key,
        score=None if missing else float(given.value),
        missing=missing,
        answer=given.answer or "",
        explanation=given.explanation or "",
        **facts,
    )


def _shown(messages: list[dict]) -> list[Any]:
    """The messages as inspect's viewer shows them."""
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageTool, ChatMessageUser

    kinds = {
        "system": ChatMessageSystem,
        "user": ChatMessageUser,
        "assistant": ChatMessageAssistant,
        "tool": ChatMessageTool,
    }
    return [kinds[message["role"]](content=response_text(message)) for message in messages]


def engine_of(spec: dict) -> Engine:
    """The engine the spec asks for. Raises AutodidactError when it cannot be had."""
    if through := spec["through"]:
        return _through(through, spec)
    if url := spec["engine_url"]:
        from autodidact.models.openai_client import PATIENT, OpenAIClient
        from autodidact.safe_text import address

        what = f"The inference server at {address(url)}"
        client = OpenAIClient(
            url, what=what, key_variable="AUTODIDACT_BENCHMARK__KEY", timeout=600, attempts=PATIENT
        )
        return ServerEngine(client, spec["served_as"], spec["batch"])
    import torch

    from autodidact.models.find_base_model import BaseModelRef
    from autodidact.models.loading import cpu_threads, load_model

    base = BaseModelRef.from_data(spec["base"])
    torch.set_num_threads(cpu_threads(base, spec["settings"]["training"]["threads"]))
    adapter = Path(spec["adapter"]) if spec["adapter"] else None
    return LocalEngine(
        *load_model(base, adapter, spec["quantization"], adapter_sha256=spec["adapter_sha256"])
    )


def _through(through: dict, spec: dict) -> Engine:
    """The version on the server that clients ask."""
    from autodidact.benchmark.ask_server_by_tokens import TokenEngine
    from autodidact.models.find_base_model import BaseModelRef
    from autodidact.models.openai_client import PATIENT, OpenAIClient

    client = OpenAIClient(
        through["url"],
        what="The server at deploy.url",
        key_variable="AUTODIDACT_DEPLOY__KEY",
        timeout=600,
        attempts=PATIENT,
    )
    return TokenEngine(
        client, through["name"], BaseModelRef.from_data(spec["base"]).tokenizer(), spec["batch"]
    )


# What the last spec needed, by kind, with what it was loaded for.
_loaded: dict[str, tuple[str, Any]] = {}


def _kept(what: str, key: list, load: Callable[[], Any]) -> Any:
    """What the last spec needed too, else what `load` returns; one of each is kept, since two models may not
    fit.
    """
    name = canonical(key)
    if _loaded.get(what, ("",))[0] != name:
        _loaded.pop(what, None)
        _loaded[what] = name, load()
    return _loaded[what][1]


def work(spec: dict, voice: Any) -> None:
    """All folders of the spec, each ended by its result.json."""
    from autodidact.benchmark.judge import judge_of
    from autodidact.settings import Settings
    from autodidact.store import Cache, Store

    where = [spec["engine_url"], spec["through"]]
    model = [spec["model"], spec["quantization"], where, spec["settings"]["training"]]
    settings = Settings.model_validate(spec["settings"])
    judge = _kept(
        "judge",
        [spec["settings"], spec["cache"]],
        lambda: judge_of(settings, Cache(Store(spec["cache"])) if spec["cache"] else None),
    )
    engine = _kept("engine", model, lambda: engine_of(spec))
    sheets = [
        probe_sheet(each) if "questions" in each else items_sheet(each, spec["draw"], judge)
        for each in spec["sheets"]
    ]
    if isinstance(engine, ServerEngine):
        engine.check([prompt for sheet in sheets for prompt in sheet.prompts])
    for each, sheet in zip(spec["sheets"], sheets, strict=True):
        results = evaluate(
            sheet, engine, spec["batch"], spec["model"], "questions" not in each, voice, spec["decoding"]
        )
        if all(result.missing for result in results):
            raise AutodidactError(
                f"{sheet.name}: no item could be scored: {results[0].missing}", "Mend that, then run again."
            )
        text = json.dumps([result.model_dump(mode="json") for result in results], ensure_ascii=False)
        temporary = sheet.folder / ".writing-result.json"
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, sheet.folder / "result.json")
        voice.event({"done": each["folder"]})


if __name__ == "__main__":
    child_process.main(work)
