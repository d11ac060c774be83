"""How fast session_miner reads transcripts, and in how much memory: made-up ones of every format, cold, then
again when nothing changed.

    .venv/bin/python -m benchmarks.session_miner [--megabytes 1000] [--folder /tmp/transcripts]

Prints MB/s of processor time (other work on the machine does not count), peak memory and the ratio to a bare
`json.loads` over the same lines, each in a process of its own, all in one run. The transcripts imitate real
ones: long tool results, a failed call now and then, corrections, many sessions a format. Reading and parsing
use one core and wait for nothing, so that on an idle machine the time that passes is the same.

Measured on 1,000 MB in 1,353 files, two cores that three other jobs shared: 23.3 MB/s and 110 MB of memory at
most, 5.3 times the bare `json.loads` (123 MB/s); nothing changed: 0.022 of cold.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

START = datetime(2026, 1, 5, 8, tzinfo=timezone.utc)
UNTIL = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
WORDS = (
    "the boat refund test pier timeout which file line berth queue retry payment deploy lock crew tide table"
    " index row cache".split()
)
SHARES = {"claude": 35, "codex": 25, "openai": 15, "pi": 10, "sharegpt": 5, "sts": 5, "otlp": 5}
# Bytes of one session, about.
SESSION = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument(
        "--folder", type=Path, help="where the transcripts are kept; without it they are deleted afterwards"
    )
    parser.add_argument("--child", choices=["mine", "parse"], help=argparse.SUPPRESS)
    parser.add_argument("--store", help=argparse.SUPPRESS)
    parser.add_argument("--since", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps({"mine": mine, "parse": parse}[given.child](given)))
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="transcripts-"))
    try:
        size = make(folder, given.megabytes * 1_000_000)
        bare = child("parse", folder)
        cold = child("mine", folder, "--store", f"{folder}/store")
        again = child("mine", folder, "--store", f"{folder}/store", "--since", UNTIL.isoformat())
        megabytes = size / 1e6
        print(
            f"{megabytes:.0f} MB in {cold['files']} files; {cold['examples']} examples, {cold['troubles']}"
            " turns or lines left out"
        )
        print(f"bare json.loads   {megabytes / bare['seconds']:7.1f} MB/s  peak {bare['peak']:4.0f} MB")
        print(
            f"session_miner     {megabytes / cold['seconds']:7.1f} MB/s  peak {cold['peak']:4.0f} MB "
            f" {cold['seconds'] / bare['seconds']:.2f}x json.loads"
        )
        print(
            f"nothing changed   {megabytes / again['seconds']:7.1f} MB/s  peak {again['peak']:4.0f} MB "
            f" {again['seconds'] / cold['seconds']:.3f}x cold"
        )
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)


def child(kind: str, folder: Path, *more: str) -> dict:
    command = [
        sys.executable,
        "-m",
        "benchmarks.session_miner",
        "--child",
        kind,
        "--folder",
        str(folder),
        *more,
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def parse(given) -> dict:
    """Every line through json.loads, nothing else."""
    began = time.process_time()
    for path in sorted(given.folder.glob("*/*.jsonl")):
        with path.open("rb") as stream:
            for line in stream:
                json.loads(line)
    return {
        "seconds": time.process_time() - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def mine(given) -> dict:
    """The generator, as a cycle runs it."""
    from autodidact.errors import Skipped
    from autodidact.generators.run_generator import generate
    from autodidact.settings import load_settings
    from autodidact.sources.snapshot import Snapshot
    from autodidact.store import Cache, Store

    settings = load_settings(
        "laptop",
        {"sources.sessions": [str(given.folder)], "generators.limit": 3000},
        cwd=given.folder,
        environ={},
    )
    since = datetime.fromisoformat(given.since) if given.since else None
    until = UNTIL + timedelta(hours=12) if since else UNTIL
    seen = Snapshot("bench", "2026-11-23T1200Z", 7, since, until, settings, Cache(Store(given.store)))
    began, examples = time.process_time(), 0
    try:
        for row in generate("session_miner", seen)[0]:
            row.line()
            examples += 1
    except Skipped:
        pass
    return {
        "seconds": time.process_time() - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "examples": examples,
        "files": sum(1 for _ in given.folder.glob("*/*.jsonl")),
        "troubles": sum(trouble.count for trouble in seen.troubles.list()),
    }


def make(folder: Path, size: int) -> int:
    """Transcripts of about so many bytes, unless they are there already; how many bytes there are."""
    total = sum(path.stat().st_size for path in folder.glob("*/*.jsonl"))
    if total > 0.9 * size:
        return total
    rng = random.Random(7)
    total = number = 0
    while total < size:
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        path = folder / kind / f"{number:05}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(row) + "\n" for row in globals()[f"_{kind}"](rng, number))
        path.write_text(text)
        total, number = total + len(text), number + 1
    return total


def _turns(rng: random.Random, number: int) -> Iterator[tuple[str, str, str, str, bool, datetime]]:
    """(request, tool, argument, result, whether it succeeded, time) until a session is full."""
    written, at = 0, START + timedelta(hours=number)
    while written < SESSION:
        request = " ".join(rng.choices(WORDS, k=rng.randint(4, 20))) + f" {rng.randint(1, 10**6)}?"
        if rng.random() < 0.05:
            request = "No, " + request
        result = "\n".join(
            " ".join(rng.choices(WORDS, k=rng.randint(3, 16))) + ' "\t'
            for _ in range(int(rng.paretovariate(1.1) * 12) % 400)
        )
        written += len(result) + 800
        at += timedelta(seconds=rng.randint(5, 90))
        yield (
            request,
            rng.choice(["Read", "Grep", "Bash", "mcp__desk__search"]),
            rng.choice(WORDS),
            result,
            rng.random() > 0.1,
            at,
        )


def _claude(rng, number):
    parent, count = None, 0
    for request, tool, argument, result, ok, at in _turns(rng, number):
        for kind, content in (
            ("user", request),
            ("assistant", [{"type": "thinking", "thinking": request * 3, "signature": "x" * 300}]),
            (
                "assistant",
                [
                    {
                        "type": "tool_use",
                        "id": f"t{count}",
                        "name": tool,
                        "input": {"pattern": argument, "path": "src"},
                    }
                ],
            ),
            (
                "user",
                [{"type": "tool_result", "tool_use_id": f"t{count}", "content": result, "is_error": not ok}],
            ),
            ("assistant", [{"type": "text", "text": request * 2}]),
        ):
            count += 1
            uuid = f"{number:08x}-0000-4000-8000-{count:012x}"
            message = {
                "role": kind,
                "content": content,
                "id": f"m{count}",
                "model": "m",
                "usage": {"input_tokens": 9, "output_tokens": 9},
            }
            extra = (
                {"toolUseResult": {"stdout": result, "stderr": ""}}
                if isinstance(content, list) and "tool_use_id" in content[0]
                else {}
            )
            yield {
                "parentUuid": parent,
                "isSidechain": False,
                "userType": "external",
                "cwd": "/srv/app",
                "sessionId": f"{number}",
                "version": "2",
                "type": kind,
                "message": message,
                "uuid": uuid,
                "timestamp": at.isoformat().replace("+00:00", "Z"),
                **extra,
            }
            parent = uuid


def _codex(rng, number):
    def row(kind, payload):
        return {"timestamp": when.isoformat().replace("+00:00", "Z"), "type": kind, "payload": payload}

    for count, (request, tool, argument, result, ok, at) in enumerate(_turns(rng, number)):
        when = at
        yield row(
            "response_item",
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": request}]},
        )
        yield row("event_msg", {"type": "user_message", "message": request})
        yield row("response_item", {"type": "reasoning", "summary": [], "encrypted_content": "g" * 1500})
        yield row(
            "response_item",
            {
                "type": "function_call",
                "name": tool,
                "arguments": json.dumps({"command": [argument]}),
                "call_id": f"c{count}",
            },
        )
        output = json.dumps({"output": result, "metadata": {"exit_code": 0 if ok else 1}})
        yield row("response_item", {"type": "function_call_output", "call_id": f"c{count}", "output": output})
        yield row(
            "response_item",
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": request * 2}],
            },
        )
        yield row("event_msg", {"type": "token_count", "info": {"total": 10}})


def _messages(rng, number, size):
    for count, (request, tool, argument, result, ok, at) in enumerate(_turns(rng, number)):
        call = {
            "id": f"c{count}",
            "type": "function",
            "function": {"name": tool, "arguments": json.dumps({"query": argument})},
        }
        yield (
            at,
            [
                {"role": "user", "content": request},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": f"c{count}", "content": result if ok else "Error: no"},
                {"role": "assistant", "content": request * 2},
            ],
        )


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": name * 5,
            "parameters": {"type": "object", "properties": {"query": {"type": "string"}}},
        },
    }
    for name in ("Read", "Grep", "Bash", "mcp__desk__search", "transfer_to_desk")
]


def _openai(rng, number):
    for at, messages in _messages(rng, number, 1):
        yield {"created_at": at.isoformat(), "messages": messages, "tools": TOOLS}


def _sharegpt(rng, number):
    for request, _, _, result, _, at in _turns(rng, number):
        parts = [{"from": "human", "value": request}, {"from": "gpt", "value": result or "yes"}]
        yield {"created_at": at.isoformat(), "conversations": parts}


def _pi(rng, number):
    yield {
        "type": "session",
        "version": 3,
        "id": str(number),
        "timestamp": START.isoformat(),
        "cwd": "/srv/app",
    }
    parent, count = None, 0
    for request, tool, argument, result, ok, at in _turns(rng, number):
        for message in (
            {"role": "user", "content": [{"type": "text", "text": request}]},
            {
                "role": "assistant",
                "content": [
                    {"type": "toolCall", "id": f"t{count}", "name": tool, "arguments": {"path": argument}}
                ],
                "stopReason": "toolUse",
            },
            {
                "role": "toolResult",
                "toolCallId": f"t{count}",
                "toolName": tool,
                "content": [{"type": "text", "text": result}],
                "isError": not ok,
            },
            {"role": "assistant", "content": [{"type": "text", "text": request * 2}], "stopReason": "stop"},
        ):
            count += 1
            yield {
                "type": "message",
                "id": f"{count:08x}",
                "parentId": parent,
                "timestamp": at.isoformat(),
                "message": message,
            }
            parent = f"{count:08x}"


def _sts(rng, number):
    yield {"type": "session", "harness": "bench", "id": str(number)}
    for at, messages in _messages(rng, number, 1):
        for message in messages:
            if calls := message.pop("tool_calls", None):
                message |= {"toolCalls": calls, "content": ""}
            if ident := message.pop("tool_call_id", None):
                message["toolCallId"] = ident
            yield {"type": "message", "message": message | {"timestamp": int(at.timestamp() * 1000)}}


def _otlp(rng, number):
    told: list[dict] = []
    for count, (request, tool, argument, result, _, at) in enumerate(_turns(rng, number)):
        if count % 6 == 0:
            told = []
        told = [*told, {"role": "user", "parts": [{"type": "text", "content": request}]}]
        told = [
            *told,
            {
                "role": "assistant",
                "parts": [
                    {"type": "tool_call", "id": f"c{count}", "name": tool, "arguments": {"q": argument}}
                ],
            },
        ]
        told = [
            *told,
            {
                "role": "tool",
                "parts": [{"type": "tool_call_response", "id": f"c{count}", "response": result[:3000]}],
            },
        ]
        said = {
            "role": "assistant",
            "parts": [{"type": "text", "content": request * 2}],
            "finish_reason": "stop",
        }
        given = {
            "gen_ai.conversation.id": f"{number}-{count // 6}",
            "gen_ai.input.messages": json.dumps(told),
            "gen_ai.output.messages": json.dumps([said]),
        }
        span = {
            "traceId": f"{number:032x}",
            "spanId": f"{count:016x}",
            "name": "chat m",
            "startTimeUnixNano": str(int(at.timestamp()) * 10**9),
            "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in given.items()],
        }
        yield {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": [span]}]}]}
        told = [*told, said]


if __name__ == "__main__":
    main()
