"""The engine on a real, very small model: the same tokens as the benchmark's, alone or side by side."""

import asyncio

import pytest

from autodidact.benchmark.engines import LocalEngine, Prompt
from autodidact.models.chat_template import render_prompt
from autodidact.serving.decoder import Engine, Token
from autodidact.serving.protocol import Sampling, Wrong
from tests import tiny


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = tiny.build(tmp_path_factory.mktemp("model"), context=256)
    return AutoModelForCausalLM.from_pretrained(
        str(folder), dtype=torch.float32
    ).eval(), AutoTokenizer.from_pretrained(str(folder))


@pytest.fixture
def engine(loaded):
    engine = Engine(*loaded, rows=4, waiting=8)
    yield engine
    engine.close()


async def answer(engine: Engine, tokens: list[int], **sampling) -> tuple[list[Token], str]:
    items = [item async for item in engine.stream(tokens, Sampling(**sampling))]
    return items[:-1], items[-1]


def prompts(tokenizer) -> list[list[int]]:
    texts = [
        render_prompt(tokenizer, [{"role": "user", "content": "the queue " * times}])
        for times in (1, 3, 7, 2, 5, 4)
    ]
    return [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]


def test_greedy_answers_are_those_that_were_benchmarked(loaded, engine):
    messages = [{"role": "user", "content": "the router handles a request"}]
    expected = LocalEngine(*loaded).answer([Prompt("a", messages, [], 24)])[0]
    tokens = loaded[1](render_prompt(loaded[1], messages), add_special_tokens=False)["input_ids"]
    made, _ = asyncio.run(answer(engine, tokens, max_tokens=24, temperature=0))
    assert loaded[1].decode([token.id for token in made], skip_special_tokens=False) == expected.text


def test_answers_side_by_side_are_those_given_alone(loaded, engine):
    asked = [
        (tokens, 3 + 4 * number) for number, tokens in enumerate(prompts(loaded[1]))
    ]  # six for four places, of six lengths

    async def together():
        return await asyncio.gather(
            *(answer(engine, tokens, max_tokens=most, temperature=0) for tokens, most in asked)
        )

    found = asyncio.run(together())
    alone = [asyncio.run(answer(engine, tokens, max_tokens=most, temperature=0)) for tokens, most in asked]
    assert [([token.id for token in made], why) for made, why in found] == [
        ([token.id for token in made], why) for made, why in alone
    ]


def test_the_log_probability_of_an_answer_is_the_same_told_or_scored(loaded, engine):
    tokens = prompts(loaded[1])[0]
    made, _ = asyncio.run(answer(engine, tokens, max_tokens=5, temperature=0, top=2))
    scored = asyncio.run(engine.score([*tokens, *(token.id for token in made)]))
    assert scored[0] is None and [token.logprob for token in made] == pytest.approx(
        scored[len(tokens) :], abs=1e-3
    )
    assert all(
        len(token.top) == 2 and token.top[0] == (token.id, pytest.approx(token.logprob)) for token in made
    )


def test_a_temperature_of_almost_nothing_is_greedy_and_breaks_no_other_answer(loaded, engine):
    tokens = prompts(loaded[1])[0]

    async def together():
        return await asyncio.gather(
            *(answer(engine, tokens, max_tokens=4, temperature=cold) for cold in (0, 1e-300, 1e-40))
        )

    greedy, coldest, cold = ([token.id for token in made] for made, _ in asyncio.run(together()))
    assert greedy == coldest == cold


def test_a_seed_fixes_what_is_drawn(loaded, engine):
    tokens = prompts(loaded[1])[0]

    def drawn(**more):
        return [
            token.id
            for token in asyncio.run(answer(engine, tokens, max_tokens=8, temperature=1.5, **more))[0]
        ]

    assert drawn(seed=1) == drawn(seed=1) != drawn(seed=2)
    assert drawn(seed=1, top_p=1e-6) == [
        token.id for token in asyncio.run(answer(engine, tokens, max_tokens=8, temperature=0))[0]
    ]


def test_a_prompt_that_leaves_no_room_is_refused_and_time_ends_an_answer(loaded, engine):
    with pytest.raises(Wrong, match="the context has 256 tokens; the prompt has 250 and 10 of the answer"):
        asyncio.run(answer(engine, [5] * 250, max_tokens=10))
    hasty = Engine(*loaded, seconds=0)
    assert asyncio.run(answer(hasty, [5, 6], max_tokens=10, temperature=0)) == ([], "length")
    hasty.close()


def test_one_request_too_many_is_refused_and_one_that_is_given_up_ends(loaded):
    engine = Engine(*loaded, rows=1, waiting=1)

    async def crowd():
        streams = [engine.stream([5, 6], Sampling(200, 0)) for _ in range(2)]
        await anext(streams[0])  # has its place; the second waits
        waiting = asyncio.create_task(anext(streams[1]))
        await asyncio.sleep(0.05)
        with pytest.raises(Wrong, match="too many requests wait") as refused:
            await anext(engine.stream([5, 6], Sampling(5, 0)))
        assert refused.value.status == 429
        await streams[0].aclose()  # its reader has gone: the next has its turn
        await waiting
        await streams[1].aclose()

    asyncio.run(crowd())
    engine.close()


def test_a_model_that_fails_costs_the_request_and_not_the_server(loaded, engine, monkeypatch):
    model, tokens = loaded[0], prompts(loaded[1])[0]

    def broken(*_, **__):
        raise RuntimeError("CUDA out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(type(model), "forward", broken)
        with pytest.raises(Wrong, match="the model failed: RuntimeError: CUDA out of memory") as failed:
            asyncio.run(answer(engine, tokens, max_tokens=3, temperature=0))
        assert failed.value.status == 500
    assert len(asyncio.run(answer(engine, tokens, max_tokens=3, temperature=0))[0]) <= 3
