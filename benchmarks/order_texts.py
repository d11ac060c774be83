"""What the models of the gate's second look learn from: the sets of tests/data/gate (orders, and honest texts
that are close to one), and honest prose: the strings and README files of installed packages, the translations
of Airflow's pages into 20 languages, and what the generators made of repositories (`autodidact generate --out
FOLDER`), less what the patterns call an order.
"""

import ast
import importlib.util
import json
import random
import re
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autodidact.gate import form, injection, order_model
from autodidact.gate.compact_examples import OPEN
from autodidact.gate.rule import Drop, texts
from autodidact.gate.text_without_disguises import readings
from benchmarks.gate_orders import groups

DATA = Path(__file__).parents[1] / "tests" / "data" / "gate"
# Sets by others than the authors of rules and concepts, which are held back in turn. The one that the
# patterns were widened with is not; `blind_orders_10`, 15 and 24 to 29 are never learnt from.
BY_OTHERS = tuple(f"blind_orders_{number}" for number in (*range(2, 10), *range(11, 15), 22, 23))
# Sets by those who want to get through: twenty languages and more, and a twin of each order.
ATTACKERS = tuple(f"blind_orders_{number}" for number in range(16, 22))
FOLDS = 4
# Set -> how much its texts weigh. Those of one sentence, and those of the author of the patterns, are many
# more than the rest, and less like what strangers write.
SETS = {"orders_a": 0.3, "orders_b": 0.3, "order_model": 0.3, "orders_c": 2.0, "orders_d": 2.0}
SETS |= dict.fromkeys(("blind_orders", *BY_OTHERS), 2.0) | dict.fromkeys(ATTACKERS, 4.0)

PACKAGES = (
    "airflow", "click", "datasets", "fastapi", "fsspec", "httpx", "inspect_ai", "jinja2", "numpy", "peft",
    "pydantic", "rich", "sklearn", "sentence_transformers", "sqlalchemy", "torch", "transformers", "trl",
)  # fmt: skip
# Files of a package, windows of each, of each folder, and of all prose.
FILES, WINDOWS, OF_FOLDER, ALL = 300, 4_000, 8_000, 50_000
# Windows of a text that are looked at.
MOST = 60

# Weights of an honest text or an English order, and of an order in another language: they are fewer.
WRITTEN, FOREIGN = 2.0, 3.0


class Text(NamedTuple):
    """A text of a set, what it weighs, and its windows."""

    text: str
    order: bool
    weight: float
    windows: tuple[str, ...]


def labelled(name: str) -> list[Text]:
    """The texts of a set that have a window."""
    return [
        Text(text, order, SETS[name] * (FOREIGN if order and not text.isascii() else WRITTEN), found)
        for kind, members in groups(DATA / f"{name}.json").items()
        for order in (not kind.startswith("honest"),)
        for text in map(seen, members)
        if (found := tuple(windows(text)))
    ]


def seen(text: str) -> str:
    """The text without characters that nobody sees, as the gate reads it."""
    cleared = injection.clear(text)
    return text if isinstance(cleared, Drop) else cleared


def windows(text: str, most: int | None = None) -> list[str]:
    """The windows of all readings of a text as the gate reads them, or of the first so many."""
    found = (
        " ".join(paragraph[first : last + 1])
        for reading in readings(text)[:most]
        for paragraph in order_model.paragraphs(reading)
        for first, last in order_model.windows(len(paragraph))
    )
    return list(dict.fromkeys(found))[:MOST]


def whole(text: str) -> str:
    return " ".join(readings(text)[0].split())


def of_package(name: str) -> Iterator[str]:
    """The strings of a package's code and its README."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return
    paths = sorted(Path(spec.submodule_search_locations[0]).rglob("*.py"))
    random.Random(0).shuffle(paths)
    for path in paths[:FILES]:
        yield from (re.sub(r"\n[ \t]*(?=[a-z])", " ", text) for text in strings(path))
    for path in sorted(Path(sysconfig.get_paths()["purelib"]).glob(f"{name}-*.dist-info/METADATA")):
        yield path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[2]


def strings(path: Path) -> list[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return []
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str) and len(value) > 30]


def translations() -> Iterator[str]:
    """Airflow's pages in other languages."""
    folder = Path(sysconfig.get_paths()["purelib"]) / "airflow/ui/dist/i18n/locales"
    for path in sorted(folder.glob("*/*.json")):
        if path.parent.name != "en":
            yield from texts(list(values(json.loads(path.read_text(encoding="utf-8")))))


def values(table: Any) -> Iterator[str]:
    if isinstance(table, dict):
        for value in table.values():
            yield from values(value)
    elif isinstance(table, str) and len(table) > 12:
        yield table


def of_examples(folder: str) -> Iterator[str]:
    """What generators made of texts that others wrote."""
    for path in sorted(Path(folder).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines() if ".questions." not in path.name else ():
            one = form.read(line)
            if not isinstance(one, Drop) and one.source.kind in (*OPEN, "mcp"):
                yield "\n\n".join(texts([one.messages, one.tools]))


def drawn(found: Iterator[str], most: int) -> list[str]:
    """At most so many distinct windows of texts, without those that patterns call an order."""
    distinct = sorted(set(found))
    random.Random(0).shuffle(distinct)
    chosen: dict[str, None] = {}
    for text in distinct:
        chosen.update(dict.fromkeys(windows(text, 1)))
        if len(chosen) >= most:
            break
    return [one for one in list(chosen)[:most] if not injection.order(one)]


def prose(folders: Sequence[str]) -> list[str]:
    """Windows of all prose."""
    parts = [drawn(of_package(name), WINDOWS) for name in PACKAGES]
    parts += [drawn(translations(), 2 * WINDOWS), *(drawn(of_examples(one), OF_FOLDER) for one in folders)]
    common = sorted({one for part in parts for one in part})
    random.Random(0).shuffle(common)
    return common[:ALL]


def kept(path: Path, make):
    """What `make` returns, from a file when it was made before."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make()), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))
