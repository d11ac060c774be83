"""Asking a version on the server that clients ask, with the very tokens that the own engine would read."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from autodidact.benchmark.engines import Answer, Encoder, Prompt
from autodidact.errors import AutodidactError
from autodidact.models.chat_template import parse_answer
from autodidact.models.openai_client import OpenAIClient, Refused

# Requests under way at a time: a server batches what it has. vLLM takes 128 on a CPU and 256 on a GPU.
IN_FLIGHT = 128
# What a prompt that is at fault itself is refused with.
OF_THE_PROMPT = (400, 413, 422)


class TokenEngine:
    """The version that the server calls `name`. Token ids are sent to /completions, and the answer is parsed
    here: neither the server's chat template nor its parser of calls has a say.
    """

    def __init__(self, client: OpenAIClient, name: str, tokenizer: Any, batch: int):
        self._client, self._name, self._tokenizer = client, name, tokenizer
        self._encode = Encoder(tokenizer)
        self.side_by_side = max(1, IN_FLIGHT // batch)
        self._pool = ThreadPoolExecutor(IN_FLIGHT)

    def length(self, prompt: Prompt) -> int:
        """In tokens."""
        return len(self._encode(prompt))

    def answer(self, prompts: list[Prompt]) -> list[Answer]:
        """A prompt that the server refuses (too long, say) gets an error; Refused for a version that it does
        not have.
        """
        for prompt in prompts:  # here: a tokenizer is not for several threads
            self._encode(prompt)
        return list(self._pool.map(self._one, prompts))

    def _one(self, prompt: Prompt) -> Answer:
        tokens = self._encode(prompt)
        try:
            found = self._client.continue_tokens(self._name, tokens, max_tokens=prompt.max_tokens)
        except Refused as refused:
            if refused.status not in OF_THE_PROMPT:
                raise
            return Answer(error=refused.message)
        if found.prompt_tokens not in (None, len(tokens)):
            raise AutodidactError(
                f"{self._client.what} read {found.prompt_tokens} tokens where {len(tokens)} were sent",
                "It changes what it is given, so nothing can be measured through it.",
            )
        text = found.text
        if found.tokens is not None:
            text = self._tokenizer.decode(found.tokens, skip_special_tokens=False)
        return Answer(text=text, message=parse_answer(text), tokens=found.made)
