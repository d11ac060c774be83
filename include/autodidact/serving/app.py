"""HTTP: the routes, who may ask, and how much. Every answer names the version that gave it in `model`."""

import asyncio
import contextlib
import hmac
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from autodidact.models.chat_template import parse_answer, render_prompt
from autodidact.serving import protocol
from autodidact.serving.decoder import Token
from autodidact.serving.loaded_versions import Loaded, LoadedVersions
from autodidact.serving.prompt_tokens import encode
from autodidact.serving.protocol import Ask, StreamedText, Wrong

# Of a request's body.
MOST_BYTES = 2 * 2**20
# In which it must have come.
BODY_SECONDS = 30
# Who has shown no key gets one answer a connection: it may hold thousands of requests at once.
ONCE = {"Connection": "close"}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def make_app(versions: LoadedVersions, *, key: str | None = None, local: bool = True) -> Starlette:
    """The ASGI application. `key`: what clients must bring as a bearer token. `local`: only requests to a
    loopback name are answered, so that no page in a browser reaches the server through a name of its own.
    """

    async def health(request: Request) -> Response:
        ready = versions.champion is not None
        state = {
            "status": "ok" if ready else "starting",
            "version": versions.champion,
            "trouble": versions.trouble,
        }
        return JSONResponse(state, 200 if ready else 503, headers=ONCE)

    async def models(request: Request) -> Response:
        return JSONResponse({"object": "list", "data": versions.cards()})

    async def chat(request: Request) -> Response:
        ask = protocol.chat(await _body(request))
        return await _chat(versions, ask)

    async def completion(request: Request) -> Response:
        ask = protocol.completion(await _body(request))
        with versions.use(ask.model) as loaded:
            return JSONResponse(await _complete(loaded, ask))

    @contextlib.asynccontextmanager
    async def follow(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(versions.follow())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return Starlette(
        lifespan=follow,
        routes=[
            Route("/health", _guarded(health, None, local)),
            Route("/v1/models", _guarded(models, key, local)),
            Route("/v1/chat/completions", _guarded(chat, key, local), methods=["POST"]),
            Route("/v1/completions", _guarded(completion, key, local), methods=["POST"]),
        ],
    )


Handler = Callable[[Request], Awaitable[Response]]


def _guarded(handler: Handler, key: str | None, local: bool) -> Handler:
    """The handler behind its checks; what is wrong with a request becomes a status."""

    async def answer(request: Request) -> Response:
        try:
            _check(request, key, local)
            return await handler(request)
        except Wrong as wrong:
            more = {"Retry-After": "1"} if wrong.status in (429, 503) else None
            return JSONResponse(
                wrong.body(), wrong.status, headers=ONCE if wrong.status in (401, 403) else more
            )
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


def _check(request: Request, key: str | None, local: bool) -> None:
    """Raises Wrong for a request from elsewhere, or without the key."""
    if local and _host(request) not in LOOPBACK:
        raise Wrong("this server answers on the loopback interface only", status=403, kind="permission_error")
    given = request.headers.get("authorization", "")
    if key and not hmac.compare_digest(given.encode(), f"Bearer {key}".encode()):
        raise Wrong("a key is needed: Authorization: Bearer KEY", status=401, kind="authentication_error")


def _host(request: Request) -> str:
    host = request.headers.get("host", "")
    return host[: host.rfind(":")] if host.rfind(":") > host.rfind("]") else host


async def _body(request: Request) -> Any:
    """The JSON of a request. Anything but application/json is refused: a form of another site's page cannot
    send it.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Wrong("Content-Type must be application/json", status=415)
    data = bytearray()

    async def read() -> None:
        async for part in request.stream():
            data.extend(part)
            if len(data) > MOST_BYTES:
                raise Wrong(f"the body has more than {MOST_BYTES} bytes", status=413)

    try:
        await asyncio.wait_for(read(), BODY_SECONDS)
    except TimeoutError:
        raise Wrong(f"the body did not come within {BODY_SECONDS} s", status=408) from None
    return await asyncio.to_thread(protocol.parsed, bytes(data))


async def _chat(versions: LoadedVersions, ask: Ask) -> Response:
    use = contextlib.ExitStack()
    try:
        loaded = use.enter_context(versions.use(ask.model))
        tokens = await asyncio.to_thread(_encode_chat, loaded, ask)
        pieces = loaded.engine.stream(tokens, ask.sampling)
        if ask.stream:
            first = await anext(pieces)  # what is refused is refused with a status, not in the stream
            events = _events(loaded, ask, len(tokens), first, pieces)
            return StreamingResponse(
                _closing(events, use.pop_all()),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-cache"},
            )
        answer = await _whole(loaded, ask, pieces)
    finally:
        use.close()
    message = parse_answer(answer.text)
    reply: dict[str, Any] = {
        "role": "assistant",
        "content": message["content"] or (None if "tool_calls" in message else ""),
    }
    if "tool_calls" in message:
        reply["tool_calls"] = protocol.tool_calls(message)
    choice = {
        "index": 0,
        "message": reply,
        "finish_reason": "tool_calls" if "tool_calls" in message else answer.finish,
    }
    choice["logprobs"] = (
        None
        if ask.sampling.top is None
        else {"content": [_logprob(loaded, token) for token in answer.tokens]}
    )
    head = protocol.envelope("chat.completion", loaded.champion.version)
    return JSONResponse(head | {"choices": [choice], "usage": _usage(len(tokens), len(answer.tokens))})


def _encode_chat(loaded: Loaded, ask: Ask) -> list[int]:
    tokenizer = loaded.engine.tokenizer
    try:
        text = render_prompt(tokenizer, ask.messages, ask.tools)
    except Exception as error:  # a chat template refuses what it does not know
        raise Wrong(
            f"the chat template refuses these messages: {str(error)[:200]}", param="messages"
        ) from None
    return _encode(loaded, text, "messages")


def _encode(loaded: Loaded, text: str, param: str) -> list[int]:
    return encode(loaded.engine.tokenizer, text, loaded.engine.context, loaded.longest_token, param)


class _Answer:
    """A growing answer: its tokens, its text up to a stop text, and why it ended."""

    def __init__(self, loaded: Loaded, ask: Ask):
        self._tokenizer, self._stops = loaded.engine.tokenizer, ask.sampling.stop
        self.tokens: list[Token] = []
        self.text = ""
        self.finish: str | None = None

    def add(self, item: Token | str) -> bool:
        """Whether the answer has more to come."""
        if not isinstance(item, Token):
            self.finish = item
            return False
        self.tokens.append(item)
        # Special tokens stay visible, as in the benchmark: `<tool_call>` may be one.
        self.text = self._tokenizer.decode([token.id for token in self.tokens], skip_special_tokens=False)
        cuts = [self.text.find(stop) for stop in self._stops if stop in self.text]
        if cuts:
            self.text, self.finish = self.text[: min(cuts)], "stop"
        return not cuts


async def _whole(loaded: Loaded, ask: Ask, pieces: AsyncGenerator[Token | str]) -> _Answer:
    answer = _Answer(loaded, ask)
    async with contextlib.aclosing(pieces):
        async for item in pieces:
            if not answer.add(item):
                break
    return answer


async def _events(
    loaded: Loaded, ask: Ask, prompt: int, first: Token | str, pieces: AsyncGenerator[Token | str]
) -> AsyncGenerator[str]:
    head = protocol.envelope("chat.completion.chunk", loaded.champion.version)

    def event(delta: dict, finish: str | None = None, tokens: Sequence[Token] = ()) -> str:
        choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": finish}
        if ask.sampling.top is not None:
            choice["logprobs"] = {"content": [_logprob(loaded, token) for token in tokens]}
        return f"data: {json.dumps(head | {'choices': [choice]}, ensure_ascii=False)}\n\n"

    answer, streamed, unsent = _Answer(loaded, ask), StreamedText(), 0
    longest = max(map(len, ask.sampling.stop), default=1) - 1  # a stop text may have begun
    try:
        async with contextlib.aclosing(pieces):
            yield event({"role": "assistant", "content": ""})
            item = first
            while answer.add(item):
                # Half a character is none yet.
                safe = answer.text[: len(answer.text) - longest].rstrip("\ufffd")
                if new := streamed.grow(safe):
                    yield event({"content": new}, tokens=answer.tokens[unsent:])
                    unsent = len(answer.tokens)
                item = await anext(pieces)
    except Wrong as wrong:
        yield f"data: {json.dumps(wrong.body())}\n\n"
        return
    message = parse_answer(answer.text)
    if rest := streamed.rest(message["content"]):
        yield event({"content": rest}, tokens=answer.tokens[unsent:])
    if "tool_calls" in message:
        yield event({"tool_calls": protocol.tool_calls(message, streamed=True)})
    yield event({}, "tool_calls" if "tool_calls" in message else answer.finish)
    if ask.stream_usage:
        yield f"data: {json.dumps(head | {'choices': [], 'usage': _usage(prompt, len(answer.tokens))})}\n\n"
    yield "data: [DONE]\n\n"


async def _closing(events: AsyncGenerator[str], use: contextlib.ExitStack) -> AsyncIterator[str]:
    with use:
        async with contextlib.aclosing(events):
            async for event in events:
                yield event


async def _complete(loaded: Loaded, ask: Ask) -> dict:
    engine, tokenizer, sampling = loaded.engine, loaded.engine.tokenizer, ask.sampling
    tokens = ask.prompt
    if isinstance(tokens, str):  # a long text takes seconds
        tokens = await asyncio.to_thread(_encode, loaded, tokens, "prompt")
    vocabulary = len(tokenizer)
    if not tokens or len(tokens) > engine.context or not all(0 <= token < vocabulary for token in tokens):
        raise Wrong(f"prompt must have 1 to {engine.context} tokens of the vocabulary", param="prompt")
    prompt_logprobs: list[float | None] = []
    if ask.echo and sampling.top is not None:
        prompt_logprobs = await engine.score(tokens)
    answer = _Answer(loaded, ask)
    if sampling.max_tokens:
        answer = await _whole(loaded, ask, engine.stream(tokens, sampling))
    text = (tokenizer.decode(tokens, skip_special_tokens=False) if ask.echo else "") + answer.text
    choice: dict[str, Any] = {
        "index": 0,
        "text": text,
        "finish_reason": answer.finish or "length",
        "logprobs": None,
    }
    if sampling.top is not None:
        shown = [*(tokens if ask.echo else ()), *(token.id for token in answer.tokens)]
        choice["logprobs"] = {
            "tokens": [tokenizer.decode([token]) for token in shown],
            "token_logprobs": [*prompt_logprobs, *(token.logprob for token in answer.tokens)],
        }
    usage = _usage(len(tokens), len(answer.tokens))
    return protocol.envelope("text_completion", loaded.champion.version) | {
        "choices": [choice],
        "usage": usage,
    }


def _logprob(loaded: Loaded, token: Token) -> dict:
    def entry(number: int, logprob: float | None) -> dict:
        text = loaded.engine.tokenizer.decode([number])
        return {"token": text, "logprob": logprob, "bytes": list(text.encode())}

    return entry(token.id, token.logprob) | {
        "top_logprobs": [entry(*alternative) for alternative in token.top]
    }


def _usage(prompt: int, answer: int) -> dict:
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
