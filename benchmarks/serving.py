"""What answering side by side brings: the engine of `autodidact serve`, asked one by one and all at once.

    python -m benchmarks.serving [--base sprout] [--requests 8] [--tokens 32]

Prints tokens a second of both, their ratio, and how long a request of 4 tokens takes beside a long one,
against alone.

Measured with sprout on one thread of a CPU that twenty others shared: 8 requests at once got 2.30 times as
many tokens a second as one by one; a short request beside a long one took 3.8 times as long as alone (whose
256 tokens it did not wait for).
"""

import argparse
import asyncio
import time

from autodidact.models.chat_template import render_prompt
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.models.logprob_identity import PROMPTS
from autodidact.serving.decoder import Engine
from autodidact.serving.protocol import Sampling
from autodidact.settings import load_settings


async def answer(engine: Engine, tokens: list[int], most: int) -> int:
    return len([item async for item in engine.stream(tokens, Sampling(most, temperature=1.0, seed=1))]) - 1


async def measure(engine: Engine, prompts: list[list[int]], most: int) -> None:
    await answer(engine, prompts[0], 4)
    clock = time.perf_counter()
    alone = sum([await answer(engine, tokens, most) for tokens in prompts])
    one_by_one = alone / (time.perf_counter() - clock)
    clock = time.perf_counter()
    together = sum(await asyncio.gather(*(answer(engine, tokens, most) for tokens in prompts)))
    at_once = together / (time.perf_counter() - clock)
    print(f"{len(prompts)} requests one by one   {one_by_one:8.1f} tokens/s")
    print(
        f"{len(prompts)} requests at once      {at_once:8.1f} tokens/s, {at_once / one_by_one:.2f} times as"
        " many"
    )
    clock = time.perf_counter()
    await answer(engine, prompts[1], 4)
    short = time.perf_counter() - clock
    long = asyncio.create_task(answer(engine, prompts[0], 8 * most))
    await asyncio.sleep(2 * short)
    clock = time.perf_counter()
    await answer(engine, prompts[1], 4)
    beside = time.perf_counter() - clock
    print(
        f"a short request beside a long one takes {beside / short:.2f} times as long as"
        f" alone{'' if not long.done() else ' (which had ended)'}"
    )
    await long


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--requests", type=int, default=8)
    arguments.add_argument("--tokens", type=int, default=32)
    options = arguments.parse_args()
    model, tokenizer = load_model(
        resolve_base(load_settings(overrides={"base_model": options.base})), None, "nf4"
    )
    texts = [
        render_prompt(tokenizer, [{"role": "user", "content": PROMPTS[n % len(PROMPTS)][0]}])
        for n in range(options.requests)
    ]
    engine = Engine(model, tokenizer, rows=options.requests + 1)
    asyncio.run(
        measure(
            engine, [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts], options.tokens
        )
    )
    engine.close()


if __name__ == "__main__":
    main()
