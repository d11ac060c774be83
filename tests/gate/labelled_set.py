"""The labelled set of tests/data/gate: read, completed with what may not stand in a repository, and judged
against a gate.

    {"name": "real-012", ...an example without its id..., "label": {"fate": "keep|drop|mask", "rule": "noise",
    "why": "..."}}

`keep`: a person would train on it. `drop`: not. `mask`: not as it is; dropped and kept without the planted
value are both right. `\u27e6github\u27e7` in a text stands for a made-up credential of that kind, put
together here from parts, so that no file of the repository looks as if it held one. A record with `broken` is
made into a line that is no example, one with `item` out of a question of the suite.
"""

import base64
import json
import random
import re
import string
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from autodidact.benchmark.items import find
from autodidact.records import example, from_messages, sha256

FILE = Path(__file__).resolve().parents[1] / "data" / "gate" / "labelled.jsonl"

# Families that are gated as one stream; of the others each alone, because they vary the same examples and
# would be each other's duplicates.
TOGETHER = ("real", "early", "found", "near", "leak", "dev")

_PLANTED = re.compile("\u27e6([^\u27e7]+)\u27e7")
_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"


@dataclass
class Labelled:
    name: str
    generator: str
    line: str
    fate: str
    rule: str | None
    why: str
    twin: str | None = None
    planted: list[str] = field(default_factory=list)
    id: str | None = None  # None: no example

    @property
    def family(self) -> str:
        return self.name.partition("-")[0]


def secret(kind: str) -> str:
    """A made-up credential: always the same one for a kind."""
    rng = random.Random(f"labelled {kind}")

    def some(n: int, alphabet: str = _LETTERS) -> str:
        return "".join(rng.choice(alphabet) for _ in range(n))

    name, _, rest = kind.partition(" ")
    pair = "".join(("gh", "p_")) + some(36) if name.startswith("github") else ""
    made = {
        "aws": lambda: "AK" + "IA" + some(16, string.ascii_uppercase + "234567"),
        "github": lambda: pair,
        "openai": lambda: "s" + "k-proj-" + some(48),
        "anthropic": lambda: "s" + "k-ant-api03-" + some(93) + "AA",
        "slack": lambda: (
            "xo" + "xb-" + some(12, string.digits) + "-" + some(12, string.digits) + "-" + some(24)
        ),
        "stripe": lambda: "sk" + "_live_" + some(24),
        "jwt": lambda: ".".join(("ey" + "J" + some(33), "ey" + "J" + some(60), some(43))),
        "pem": lambda: (
            "-----BEGIN RSA "
            + "PRIVATE KEY-----\n"
            + "\n".join(some(64) for _ in range(6))
            + "\n-----END RSA "
            + "PRIVATE KEY-----"
        ),
        "pgurl": lambda: "postgresql://celery:" + some(18) + "@db.internal.corp:5432/results",
        "urlpassword": lambda: some(18),
        "envtoken": lambda: some(40),
        "google": lambda: "AI" + "za" + some(35),
        "gitlab": lambda: "gl" + "pat-" + some(20),
        "npm": lambda: "np" + "m_" + some(36),
        "pypi": lambda: "py" + "pi-AgEIcHlwaS5vcmc" + some(120),
        "hf": lambda: "h" + "f_" + some(34),
        "sendgrid": lambda: "S" + "G." + some(22) + "." + some(43),
        "telegram": lambda: some(10, "123456789") + ":A" + "A" + some(33),
        "azure": lambda: some(86) + "==",
        "discord": lambda: some(68),
        "basicauth": lambda: base64.b64encode(("deploy:" + some(20)).encode()).decode(),
        "basic": lambda: base64.b64encode(rest.encode()).decode(),
        "hex64": lambda: some(64, _HEX),
        "hex32": lambda: some(32, _HEX),
        "hex32b": lambda: some(32, _HEX),
        "b64password": lambda: base64.b64encode(some(24).encode()).decode(),
        "password": lambda: "Fulmar" + "-" + some(9) + "!",
        "github1": lambda: "gh" + "p_" + some(17),
        "github2": lambda: some(19),
        "b64github": lambda: base64.b64encode(("gh" + "p_" + some(36)).encode()).decode(),
        "email": lambda: (
            f"{some(1, 'jmk')}.{some(6, string.ascii_lowercase)}{rest}" + "@" + "wharf-mail" + ".net"
        ),
        "phone": lambda: "+44 20 " + some(4, "2345679") + " " + some(4, "2345679"),
        "iban": lambda: "DE89" + "37040044" + "0532013000",
        "card": lambda: "4539 " + "1488 0343 6467",
        "ip": lambda: "203.0.114." + some(2, "123456789"),
        "person": lambda: some(7, string.ascii_lowercase),
        "tags": lambda: "".join(chr(0xE0000 + ord(c)) for c in rest),
    }
    return made[name]()


def load() -> list[Labelled]:
    """The whole set, in the order of the file."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    plain = {row["name"]: row for row in rows}
    return [_labelled(row, plain) for row in rows]


def _labelled(row: dict, plain: dict[str, dict]) -> Labelled:
    label = row["label"]
    told = {
        "name": row["name"],
        "fate": label["fate"],
        "rule": label.get("rule"),
        "why": label["why"],
        "twin": label.get("twin"),
    }
    if "broken" in row:
        of = _example(plain[row["of"]])
        return Labelled(generator=of.generator, line=_broken(row["broken"], of), **told)
    if "item" in row:
        made = _of_suite(row)
        return Labelled(generator=made.generator, line=made.line(), id=made.id, **told)
    planted = list(
        dict.fromkeys(secret(kind) for kind in _PLANTED.findall(json.dumps(row, ensure_ascii=False)))
    )
    if label["fate"] == "mask":  # what is hidden without a placeholder: characters that must not get through
        planted += [c for c in "\u200b\u202e" if c in json.dumps(row, ensure_ascii=False)]
    made = _example(_filled(row))
    return Labelled(generator=made.generator, line=made.line(), id=made.id, planted=planted, **told)


def _filled(value):
    if isinstance(value, str):
        return _PLANTED.sub(lambda match: secret(match[1]), value)
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items()}
    return value


def _example(row: dict):
    extra = {key: value for key, value in row.items() if key in ("short", "probe", "required", "family")}
    return from_messages(
        row["generator"],
        row["category"],
        row["messages"],
        row["source"],
        tools=row.get("tools"),
        time=row.get("time"),
        **extra,
    )


def _of_suite(row: dict):
    item, source = find(row["item"]), {"kind": "template", "ref": row["item"]}
    if row["generator"] == "benchmark_targeted":
        return from_messages(
            row["generator"],
            item.category,
            [*item.messages, item.reference],
            source,
            tools=item.tools,
            short=True,
        )
    asked = item.messages[-1]["content"]
    lines = [line for line in asked.split("\n") if line.strip()]
    text = {
        "verbatim": asked,
        "spaced": asked.upper().replace(" ", "  "),
        "wrapped": f"Somebody asked me this on the pier:\n\n{asked}\n\nWhat would you say?",
        "reordered": (
            "\n".join(lines[1:] + lines[:1])
            if len(lines) > 1
            else " ".join(asked.split(". ")[1:] + asked.split(". ")[:1])
        ),
    }[row["how"]]
    return example(
        row["generator"],
        item.category,
        text,
        item.reference,
        source | {"kind": "wiki"},
        tools=item.tools,
        short=True,
    )


def _broken(how: str, of) -> str:
    record = json.loads(of.line())
    if how == "torn":
        return of.line()[:-40]
    if how == "list":
        return json.dumps([record])
    if how in ("no_messages", "no_source"):
        record.pop(how[3:])
    elif how in ("empty_answer", "blank_answer"):
        record["messages"][-1]["content"] = "" if how == "empty_answer" else "  \n"
    elif how == "null_argument":
        call = {"type": "function", "function": {"name": "search", "arguments": {"query": None}}}
        record["messages"][-1] = {"role": "assistant", "content": "", "tool_calls": [call]}
        record["id"] = from_messages("x", "tool_use", record["messages"], record["source"]).id
    elif how == "surrogate":
        return of.line().replace("defined", "de\\ud83dfined")
    elif how == "wrong_id":
        record["id"] = sha256("another")
    elif how == "unknown_category":
        record["category"] = "gardening"
    elif how == "user_last":
        record["messages"].append({"role": "user", "content": "And then?"})
    elif how == "huge":
        record["messages"][-1]["content"] = "word " * 400_000
    return json.dumps(record)


@dataclass
class Outcome:
    """What a gate did with one of the set. `stopped`: dropped, or kept without what was planted."""

    of: Labelled
    dropped_by: str | None
    stopped: bool
    masked_by: list[str]


def judge(gate, rows: list[Labelled]) -> list[Outcome]:
    """Runs `gate(rows, keep, drop)` (as `pass_through` with its context) on each stream of the set."""
    outcomes = {}
    streams: dict[str, list[Labelled]] = {}
    for one in rows:
        streams.setdefault("together" if one.family in TOGETHER else one.family, []).append(one)
    for stream in streams.values():
        kept, dropped = [], []
        gate(
            [(one.generator, number, one.line) for number, one in enumerate(stream, 1)],
            lambda line, to=kept: to.append(json.loads(line)),
            dropped.append,
        )
        stay = Counter(row.get("was") or row["id"] for row in kept)
        told = {row.get("was") or row["id"]: row for row in kept}
        why = {}
        for row in dropped:
            why.setdefault(row.get("was") or row.get("id") or row["line"], row["dropped"]["rule"])
        for number, one in enumerate(stream, 1):
            here = one.id in stay and stay[one.id] > 0
            if here:
                stay[one.id] -= 1  # the same example twice: the first stands for the one that stayed
                text = json.dumps([told[one.id]["messages"], told[one.id]["tools"]], ensure_ascii=False)
                clean = bool(one.planted) and not any(value in text for value in one.planted)
                outcomes[one.name] = Outcome(one, None, clean, told[one.id].get("rewritten") or [])
            else:
                rule = why.get(one.id or number) or "duplicates"
                outcomes[one.name] = Outcome(one, rule, True, [])
    for one in rows:  # of two that say the same it does not matter which one stays
        mine, twin = outcomes[one.name], outcomes.get(one.twin)
        if twin and not mine.stopped and twin.dropped_by == "duplicates":
            outcomes[one.name], outcomes[one.twin] = (
                Outcome(one, "duplicates", True, []),
                Outcome(twin.of, None, False, []),
            )
    return [outcomes[one.name] for one in rows]


def figures(outcomes: list[Outcome]) -> dict[str, dict]:
    """By rule, and for "the gate": precision, recall, and the names of what was stopped wrongly and missed.

    A rule's precision: of what it dropped or masked, the share that should have been stopped, for whatever
    reason. Its recall: of what is labelled with it, the share that any rule stopped.
    """
    found = {}
    rules = sorted(
        {o.dropped_by for o in outcomes if o.dropped_by} | {o.of.rule for o in outcomes if o.of.rule}
    )
    for rule in [*rules, "the gate"]:
        whole = rule == "the gate"
        caught = [
            o
            for o in outcomes
            if (o.dropped_by if whole else o.dropped_by == rule)
            or (o.stopped and (whole or rule in o.masked_by))
        ]
        wrong = [o.of.name for o in caught if o.of.fate == "keep"]
        due = [o for o in outcomes if o.of.fate != "keep" and (whole or o.of.rule == rule)]
        missed = [o.of.name for o in due if not o.stopped]
        found[rule] = {
            "stopped": len(caught),
            "precision": round(1 - len(wrong) / len(caught), 3) if caught else None,
            "labelled": len(due),
            "recall": round(1 - len(missed) / len(due), 3) if due else None,
            "wrong": wrong,
            "missed": missed,
        }
    return found
