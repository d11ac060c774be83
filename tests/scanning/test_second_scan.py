"""The second scan is the stricter judge of what is random: what it takes for a secret, the first has found,
by code of its own.
"""

import ast
import json
import random
import string
from pathlib import Path

import pytest

from autodidact.scanning import find, second_scan

WORDS = (
    "test client server payment token key secret get make user config build release python http json value"
    " name default session cache".split()
)
LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def draw(rng: random.Random, alphabet: str, *sizes: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.choice(sizes)))


def word(rng: random.Random) -> str:
    """A name, a path, a time, a version, a hash or a key."""
    kind = rng.randrange(8)
    if kind == 0:
        return "_".join(rng.choice(WORDS) for _ in range(rng.randint(2, 7)))
    if kind == 1:
        return "".join(rng.choice(WORDS).title() for _ in range(rng.randint(2, 6))) + str(rng.randint(0, 99))
    if kind == 2:
        return "-".join(
            rng.choice(WORDS) + rng.choice(("", "2", "2024", "v1")) for _ in range(rng.randint(2, 7))
        )
    if kind == 3:
        day = f"{rng.randint(2000, 2030)}-{rng.randint(10, 12)}-{rng.randint(10, 28)}"
        return f"{day}T{rng.randint(10, 23)}:00:00Z"
    if kind == 4:
        return "/".join(rng.choice(WORDS) for _ in range(4)) + "/" + draw(rng, LETTERS, 8, 16, 24)
    if kind == 5:
        return draw(rng, HEX, 8, 16, 24, 32, 40, 64)
    return draw(rng, LETTERS if kind == 6 else LETTERS + "+/", 8, 16, 20, 24, 32, 48, 88)


def text(rng: random.Random) -> str:
    """A line of code, of a configuration, of a log."""
    kind, name = rng.randrange(7), rng.choice(second_scan.NAMES)
    if kind == 0:
        return f'{rng.choice(WORDS)} = "{word(rng)}"'
    if kind == 1:
        return f"{rng.choice(('db', 'my', 'the', 'shop'))}_{name}: {word(rng)}"
    if kind == 2:
        host = rng.choice(("localhost", "db.internal", "example.com", "127.0.0.1", "mq"))
        scheme, login = rng.choice(("postgres", "http", "amqp")), rng.choice(WORDS)
        return f"{scheme}://{login}:{draw(rng, LETTERS, 6, 12, 20)}@{host}:5432/x"
    if kind == 3:
        return f"see {word(rng)} and {word(rng)} or {word(rng)}"
    if kind == 4:
        return f'{{"{name}": "{word(rng)}", "id": "{word(rng)}"}}'
    if kind == 5:
        return rng.choice(sorted(second_scan.PREFIXES)) + draw(rng, LETTERS, 8, 24, 40, 60)
    return f"--{name} {word(rng)} {word(rng)}"


def test_the_first_scan_is_the_wider_net():
    rng = random.Random(0)
    found = [line for line in (text(rng) for _ in range(8000)) if second_scan.suspicious(line)]
    assert len(found) > 1500
    assert [line for line in found if not find(line)] == []


def test_it_shares_no_code_with_the_first():
    tree = ast.parse(Path(second_scan.__file__).read_text(encoding="utf-8"))
    modules = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("autodidact")
    }
    assert modules == set()


KEY = "".join(("5dc781f0bd5f3618", "6bfcc74e0a4f9f65"))


@pytest.mark.parametrize(
    "line", [f"api_key={KEY}", f'{{"client_secret": "{KEY}"}}', f"Authorization: Bearer {KEY}"]
)
def test_hexadecimal_digits_after_the_name_of_a_secret_are_one(line):
    assert second_scan.suspicious_line(line)


@pytest.mark.parametrize(
    "line",
    [
        f"etag: {KEY}",
        f'{{"sha256": "{KEY}{KEY}", "token_count": 12}}',
        "amqp://jimmy:jimmy123@localhost/vhost",
        "amqp://test:test1234@rabbit.internal/",
        "key-2024-01-02-something-long-abc1234567890",
        f"commit {KEY}a1b2c3d4 of the branch secret-handling",
        # example-username:example-password, in httpx's tests.
        '{"auth": "Basic ZXhhbXBsZS11c2VybmFtZTpleGFtcGxlLXBhc3N3b3Jk"}',
    ],
)
def test_what_is_no_secret_fails_no_cycle(line):
    assert not second_scan.suspicious_line(line)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"subject": "shop.wallet", "id": "5b" * 15 + "0d4f" * 8 + "a1"}, None),
        ({"wallet": "5b" * 15 + "0d4f" * 8 + "a1"}, "key of a wallet"),
        ({"note": f"The wallet opens with {'5b' * 15 + '0d4f' * 8 + 'a1'}"}, "key of a wallet"),
    ],
)
def test_a_word_about_wallets_says_nothing_of_the_next_string(row, kind):
    assert second_scan.suspicious_line(json.dumps(row)) == kind
