"""What answers prompts: a model in this process, or an OpenAI-compatible server."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from autodidact.errors import AutodidactError
from autodidact.models.chat_template import parse_answer, render_prompt
from autodidact.models.openai_client import OpenAIClient, Refused
from autodidact.records import canonical, response_text


@dataclass(frozen=True)
class Prompt:
    """One thing to answer; `id` is an item's or a question's."""

    id: str
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    max_tokens: int


@dataclass
class Answer:
    """`text` is all that the model wrote, `message` the same as an assistant message; `error` is why there is
    none.
    """

    text: str = ""
    message: dict[str, Any] | None = None
    tokens: int = 0
    error: str | None = None


class Engine(Protocol):
    """`side_by_side`: batches that it may be given at the same time."""

    side_by_side: int

    def length(self, prompt: Prompt) -> int:
        """How long a prompt is, in a unit of the engine's own."""

    def answer(self, prompts: list[Prompt]) -> list[Answer]:
        """The answers of one batch, in its order. Raises when the engine, and not a prompt, is what fails."""


class Encoder:
    """The tokens of prompts by the model's own chat template, each made once."""

    def __init__(self, tokenizer: Any):
        self._tokenizer = tokenizer
        self._tokens: dict[str, list[int]] = {}

    def __call__(self, prompt: Prompt) -> list[int]:
        key = canonical([prompt.messages, prompt.tools])
        if key not in self._tokens:
            text = render_prompt(self._tokenizer, prompt.messages, prompt.tools)
            self._tokens[key] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._tokens[key]


class LocalEngine:
    """Greedy decoding in this process: the rows of a batch padded on the left, one call of `generate`."""

    side_by_side = 1

    def __init__(self, model: Any, tokenizer: Any):
        self._model, self._tokenizer = model, tokenizer
        self._encode = Encoder(tokenizer)
        stops = model.generation_config.eos_token_id
        stops = [stops] if isinstance(stops, int) else list(stops or ())
        self._stops = sorted({*stops, tokenizer.eos_token_id})
        self._context = getattr(model.config, "max_position_embeddings", None)
        self._one = threading.Lock()

    def length(self, prompt: Prompt) -> int:
        """In tokens."""
        return len(self._encode(prompt))

    def answer(self, prompts: list[Prompt]) -> list[Answer]:
        """A prompt that leaves no room for its answer in the model's context, or that fails alone as well,
        gets an error.
        """
        answers: dict[int, Answer] = {}
        fitting = []
        for place, prompt in enumerate(prompts):
            wanted = self.length(prompt) + prompt.max_tokens
            if self._context and wanted > self._context:
                answers[place] = Answer(
                    error=f"prompt and answer take {wanted} tokens, the model's context has {self._context}"
                )
            else:
                fitting.append(place)
        if fitting:
            with self._one:
                answers |= dict(
                    zip(fitting, self._generate([prompts[place] for place in fitting]), strict=True)
                )
        return [answers[place] for place in range(len(prompts))]

    def _generate(self, prompts: list[Prompt]) -> list[Answer]:
        try:
            return self._batch(prompts)
        except RuntimeError as error:  # out of memory, say: one by one, so that one prompt costs itself alone
            answers = [self._alone(prompt) for prompt in prompts]
            if all(answer.error for answer in answers):
                raise AutodidactError(
                    f"The model answers none of {len(prompts)} prompts: {answers[0].error}",
                    "Mend that, then run again: what was answered is kept.",
                ) from error
            return answers

    def _alone(self, prompt: Prompt) -> Answer:
        try:
            return self._batch([prompt])[0]
        except RuntimeError as error:
            return Answer(error=f"the model failed: {str(error).splitlines()[0][:200]}")

    def _batch(self, prompts: list[Prompt]) -> list[Answer]:
        import torch

        rows = [self._encode(prompt) for prompt in prompts]
        width, device = max(map(len, rows)), self._model.device
        ids = torch.full((len(rows), width), self._tokenizer.pad_token_id)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, width - len(row) :] = torch.tensor(row)
            mask[place, width - len(row) :] = 1
        with torch.inference_mode():
            made = self._model.generate(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                max_new_tokens=max(prompt.max_tokens for prompt in prompts),
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                num_beams=1,
                eos_token_id=self._stops,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        return [
            self._read(row, prompt) for row, prompt in zip(made[:, width:].tolist(), prompts, strict=True)
        ]

    def _read(self, row: list[int], prompt: Prompt) -> Answer:
        row = row[
            : prompt.max_tokens
        ]  # the batch went on for its longest; greedy decoding makes the rest superfluous, not different
        end = next((place for place, token in enumerate(row) if token in self._stops), len(row))
        # Special tokens stay visible: a model that writes them has not answered well, and `<tool_call>` may
        # be one.
        text = self._tokenizer.decode(row[:end], skip_special_tokens=False)
        return Answer(text=text, message=parse_answer(text), tokens=end)


class ServerEngine:
    """A served model: the one the server calls by one of `names`, alone or at the end after a dash
    (`autodidact-<sha12>`).

    Without such a name nothing is measured: it would be another model.
    """

    side_by_side = 1

    def __init__(self, client: OpenAIClient, names: list[str], concurrency: int = 16):
        served = list(client.cards())
        self._client, self._pool = client, ThreadPoolExecutor(concurrency)
        name = next(
            (one for name in names for one in served if one == name or one.endswith(f"-{name}")), None
        )
        if name is None:
            raise AutodidactError(
                f"{client.what} does not serve {' or '.join(names)}; it has"
                f" {', '.join(served[:8]) or 'nothing'}",
                "Load it there under that name, or unset benchmark.engine_url.",
            )
        self._name = name

    def check(self, prompts: list[Prompt]) -> None:
        """Raises AutodidactError where the server refuses tools that a prompt has: before the first item."""
        prompt = next((each for each in prompts if each.tools), None)
        answer = self._one(replace(prompt, max_tokens=1)) if prompt else None
        if answer and answer.error and "tool" in answer.error:
            raise AutodidactError(
                f"The server takes no tools: {answer.error[:300]}",
                "Start vLLM with --enable-auto-tool-choice --tool-call-parser hermes (the parser of the"
                " base's form of calls).",
            )

    def length(self, prompt: Prompt) -> int:
        """In characters."""
        return sum(len(message["content"]) for message in prompt.messages)

    def answer(self, prompts: list[Prompt]) -> list[Answer]:
        """A prompt that the server refuses (status 400: too long, say) gets an error."""
        return list(self._pool.map(self._one, prompts))

    def _one(self, prompt: Prompt) -> Answer:
        body: dict[str, Any] = {"temperature": 0, "chat_template_kwargs": {"enable_thinking": False}}
        if prompt.tools:
            body["tools"] = prompt.tools
        try:
            message = self._client.complete(
                self._name, _for_server(prompt.messages), max_tokens=prompt.max_tokens, **body
            )
        except Refused as refused:
            if refused.status not in (400, 413, 422):
                raise
            return Answer(error=refused.message)
        return self._read(message)

    @staticmethod
    def _read(message: dict) -> Answer:
        blocks = [_as_block(call) for call in message.get("tool_calls") or ()]
        parsed = parse_answer("\n".join([message.get("content") or "", *blocks]))
        return Answer(text=response_text(parsed), message=parsed)


def _for_server(messages: list[dict]) -> list[dict]:
    """Messages as HTTP wants them: a tool call's arguments as JSON text, calls and results tied by ids."""
    import json

    sent: list[dict] = []
    open_calls: list[str] = []
    for message in messages:
        message = dict(message)
        if message.get("tool_calls"):
            open_calls = [f"call_{len(sent)}_{place}" for place in range(len(message["tool_calls"]))]
            message["tool_calls"] = [
                {
                    "id": name,
                    "type": "function",
                    "function": call["function"] | {"arguments": json.dumps(call["function"]["arguments"])},
                }
                for name, call in zip(open_calls, message["tool_calls"], strict=True)
            ]
        elif message["role"] == "tool":
            message.setdefault("tool_call_id", open_calls.pop(0) if open_calls else "call_0")
        sent.append(message)
    return sent


def _as_block(call: dict) -> str:
    """A server's structured tool call as the model wrote it; one whose arguments are no JSON object stays
    text, as if unparsed.
    """
    import json

    function = call.get("function") or {}
    arguments = function.get("arguments") or "{}"
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return f'<tool_call>\n{{"name": {json.dumps(function.get("name"))}, "arguments": {text}}}\n</tool_call>'
