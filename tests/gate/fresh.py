"""The sets of tests/data/gate/fresh_*.json: written after the rules were fixed, to measure what a stranger
would find.

In a secret's carrier `{github}` stands for a made-up credential, put together here from parts; `{github|2/3}`
for the second third of it, `{github|U}` and `{github|u}` for its escapes, `{github|chr( + )}` for the calls
that make its characters, joined by ` + `, `{github|, }` for their numbers, `{hex64|groups}` for groups of
eight digits. Each draw makes other ones. They open nothing.
"""

import json
import random
import re
import string
from collections.abc import Iterator
from pathlib import Path

from autodidact.records import Example, example

DATA = Path(__file__).parents[1] / "data" / "gate"
SOURCE = {"kind": "document", "ref": "notes/quay.md"}
WORDS = (
    "lantern gravel otter mitten kelp anchor walnut ribbon copper velvet saddle thistle pebble cedar tunnel"
    " violet beacon marble".split()
)
B62 = string.ascii_letters + string.digits


def secret(kind: str, rng: random.Random) -> str:
    def some(n: int, alphabet: str = B62) -> str:
        return "".join(rng.choice(alphabet) for _ in range(n))

    made = {
        "github": lambda: "gh" + "p_" + some(36),
        "aws": lambda: "AK" + "IA" + some(16, string.ascii_uppercase + "234567"),
        "stripe": lambda: "sk" + "_live_" + some(24),
        "token": lambda: some(32),
        "hex64": lambda: some(64, "0123456789abcdef"),
        "pin": lambda: some(6, "123456789"),
        "phrase": lambda: rng.choice((" ", "-")).join(rng.sample(WORDS, 5)),
        "password": lambda: rng.choice(
            (
                lambda: (
                    f"{rng.choice(WORDS).title()}{rng.choice('!#%&')}{rng.choice(WORDS)}{rng.randint(2, 99)}"
                ),
                lambda: f"{rng.choice(WORDS).title()}{rng.randint(1950, 2031)}!",
                lambda: (
                    rng.choice(WORDS).replace("e", "3").replace("o", "0").replace("i", "1")
                    + some(3)
                    + str(rng.randint(2, 9))
                ),
                lambda: some(12, B62 + "!#%&*?"),
                lambda: f"{rng.choice(WORDS)}-{rng.choice(WORDS).title()}-{rng.randint(10, 99)}",
            )
        )(),
    }
    return made[kind]()


def _formed(text: str, form: str) -> str:
    codes = [ord(c) for c in text]
    if match := re.fullmatch(r"(\d)/(\d)", form):
        part, parts = int(match[1]), int(match[2])
        return text[len(text) * (part - 1) // parts : len(text) * part // parts]
    if form in "Uu":
        return "".join(f"\\{form}{code:0{8 if form == 'U' else 4}x}" for code in codes)
    if match := re.fullmatch(r"([\w.()]+?)\(([^()\w]*)\)", form):
        return match[2].join(f"{match[1]}({code})" for code in codes)
    if form == "groups":
        return " ".join(re.findall(".{8}", text))
    return "it" if form == "0x" else form.join(map(str, codes))


def filled(carrier: str, rng: random.Random) -> str:
    drawn: dict[str, str] = {}

    def fill(match: re.Match) -> str:
        kind, _, form = match[1].partition("|")
        if kind in ("password", "token") and not form:
            return secret(kind, rng)
        value = drawn.setdefault(kind, secret(kind, rng))
        return _formed(value, form) if form else value

    return re.sub(r"\{(\w+(?:\|[^{}]+)?)\}", fill, carrier)


def secrets(draws: int = 5, file: str = "fresh_secrets.json") -> Iterator[tuple[str, str, Example]]:
    """(group, carrier, example), each carrier `draws` times."""
    for group, carriers in json.loads((DATA / file).read_text(encoding="utf-8")).items():
        for carrier in carriers:
            for draw in range(draws):
                text = filled(carrier, random.Random(f"{carrier} {draw}"))
                yield (
                    group,
                    carrier,
                    example("session_miner", "tool_use", "What do the notes say?", text, SOURCE),
                )


def orders(file: str = "fresh_orders.json") -> Iterator[tuple[str, str, Example]]:
    """(group, order, example): each order alone, and after a sentence."""
    for group, found in json.loads((DATA / file).read_text(encoding="utf-8")).items():
        for order in found:
            for text in (order, f"The ferry runs daily.\n\n{order}"):
                yield (
                    group,
                    order,
                    example("wikipedia_harvest", "reasoning", "What do the notes say?", text, SOURCE),
                )
