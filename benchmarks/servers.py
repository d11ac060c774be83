"""First token and tokens a second of servers that speak the OpenAI API, in one table.

    python -m benchmarks.servers NAME=URL=MODEL [NAME=URL=MODEL ...] [--tokens 48] [--requests 8] [--rounds 3]

`first token`: from the request to the first piece of the streamed answer. `alone`: tokens a second of one
request; `at once`: of several requests together, all their tokens by the time that the last one ends. Each is
the median of the rounds, in which the servers take turns. Tokens are counted by the server (`usage`), else by
the pieces that it streams.

Measured with smollm2 on two cores: docs/serving.md.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

PROMPTS = (
    "Tell me how a queue of jobs works, and what happens when it is full.",
    "Explain in some sentences what a compiler does with a function.",
    "Describe a day in the life of a lighthouse keeper.",
    "What should one look at when reviewing a change of a database schema?",
    "Write about the advantages of small services and their price.",
    "How does a letter get from one town to another?",
    "Explain why tests should be able to fail.",
    "What is the difference between a process and a thread?",
)


def ask(url: str, model: str, prompt: str, tokens: int) -> tuple[float, float, int]:
    """(seconds to the first piece, seconds in all, tokens) of one streamed answer."""
    body = {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": tokens,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    clock, first, pieces, counted = time.perf_counter(), None, 0, None
    with httpx.stream("POST", f"{url}/chat/completions", json=body, timeout=600) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines():
            if not line.startswith("data: {"):
                continue
            event = json.loads(line[6:])
            counted = (event.get("usage") or {}).get("completion_tokens", counted)
            if any((choice.get("delta") or {}).get("content") for choice in event.get("choices") or ()):
                first = first or time.perf_counter() - clock
                pieces += 1
    whole = time.perf_counter() - clock
    return first or whole, whole, counted or pieces


def at_once(url: str, model: str, tokens: int, requests: int) -> float:
    """Tokens a second of so many requests together."""
    clock = time.perf_counter()
    with ThreadPoolExecutor(requests) as pool:
        made = pool.map(lambda n: ask(url, model, PROMPTS[n % len(PROMPTS)], tokens)[2], range(requests))
        return sum(made) / (time.perf_counter() - clock)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("servers", nargs="+", metavar="NAME=URL=MODEL")
    arguments.add_argument("--tokens", type=int, default=48)
    arguments.add_argument("--requests", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    servers = [server.split("=", 2) for server in options.servers]
    for _, url, model in servers:
        ask(url, model, PROMPTS[0], 4)  # whatever is loaded late
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name, _, _ in servers}
    for number in range(options.rounds):  # in turns: other work on the machine slows all of them
        for name, url, model in servers:
            first, whole, made = ask(url, model, PROMPTS[number % len(PROMPTS)], options.tokens)
            together = at_once(url, model, options.tokens, options.requests)
            found[name].append((first, made / whole, together))
    print(f"| server | first token | alone | {options.requests} at once |\n| --- | --- | --- | --- |")
    for name, rounds in found.items():
        first, alone, together = map(statistics.median, zip(*rounds, strict=True))
        print(f"| {name} | {first:.2f} s | {alone:.1f} tokens/s | {together:.1f} tokens/s |")


if __name__ == "__main__":
    main()
