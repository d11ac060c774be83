"""Fits the weights of the gate's second look (include/autodidact/gate/order_model.npz), and prints how good
they are on sets by others than those who wrote what was learnt from.

    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] [--write]

Learnt from: the sets of tests/data/gate (orders, and honest texts that are close to one), and honest prose:
the strings and README files of installed packages, the translations of Airflow's pages into 20 languages, and
what the generators made of repositories (`autodidact generate --out FOLDER`), less what the patterns call an
order. Of the prose a part is drawn at random, and three times what the model takes most for orders is added.
The prose is kept in `--store`. The weights that are there learnt from examples of aider, Flask, Celery,
swr-site, asciidoctor, agentsview, httpx, fzf, Nextcloud AIO and attrs (`--set generators.limit=2000`).

Printed, with the sets of three groups of writers held back in turn and the rest learnt from: recall and the
share of honest texts called an order, each by the windows of the text as the gate reads it, for several
thresholds, and the share of the prose of a package that is never learnt from meanwhile (inspect_ai, which is
about models, judges and prompts).
"""

import argparse
import ast
import importlib.util
import json
import random
import re
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from scipy.sparse import csr_array, csr_matrix, diags_array, hstack, vstack
from sklearn.linear_model import LogisticRegression

from autodidact.gate import form, injection, order_concepts, order_model, order_model_features
from autodidact.gate.disguises import readings
from autodidact.gate.rule import Drop, texts
from autodidact.gate.sketches import OPEN
from benchmarks.gate_orders import groups

DATA = Path(__file__).parents[1] / "tests" / "data" / "gate"
# Set -> how much its texts weigh. Those of one sentence, and those of the author of the patterns, are many
# more than the rest, and less like what strangers write.
SETS = {"orders_a": 0.3, "orders_b": 0.3, "order_model": 0.3, "orders_c": 2.0}
BY_OTHERS = ("blind_orders", *(f"blind_orders_{number}" for number in range(2, 9)))
SETS |= dict.fromkeys(BY_OTHERS, 2.0)
# Sets held back together.
HELD_BACK = (BY_OTHERS[0::3], BY_OTHERS[1::3], BY_OTHERS[2::3])
WEIGHTS = Path(order_model.__file__).with_suffix(".npz")

PACKAGE = "inspect_ai"
PACKAGES = (
    "airflow", "click", "datasets", "fastapi", "fsspec", "httpx", "jinja2", "numpy", "peft", "pydantic",
    "rich", "sklearn", "sentence_transformers", "sqlalchemy", "torch", "transformers", "trl",
)  # fmt: skip
# Files of a package, windows of each, of each folder, and of all prose.
FILES, WINDOWS, OF_FOLDER, ALL = 300, 4_000, 8_000, 100_000
# Windows of all prose that figures are measured with: to learn from all takes four times as long.
MEASURED = 30_000

# Windows of prose that are learnt from at first, that each round adds, and that the second model learns from.
FIRST, ADDED, HARD = 15_000, 6_000, 3_000

# Weights of an honest text or an English order, of an order in another language (they are fewer), and of a
# window of prose in the first and in the second model.
WRITTEN, FOREIGN, PROSE, PASSED = 2.0, 3.0, 0.5, 1.0
# Inverse strengths of the ridge, and what runs and concepts are multiplied with in the second model.
RIDGE, RUNS, CONCEPTS = (3.0, 1.0), 6.0, 0.7


class Text(NamedTuple):
    """A text of a set, and what it weighs."""

    text: str
    order: bool
    weight: float


def labelled(name: str) -> list[Text]:
    return [
        Text(text, order, SETS[name] * (FOREIGN if order and not text.isascii() else WRITTEN))
        for kind, members in groups(DATA / f"{name}.json").items()
        for text in members
        for order in (not kind.startswith("honest"),)
    ]


def windows(text: str) -> list[str]:
    """The windows of a text's first reading, as the gate reads them; the whole of it where there are none."""
    reading = readings(text)[0]
    found = [
        " ".join(paragraph[first : last + 1])
        for paragraph in order_model.paragraphs(reading)
        for first, last in order_model.windows(len(paragraph))
    ]
    return found or [" ".join(reading.split())]


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
        chosen.update(dict.fromkeys(windows(text)))
        if len(chosen) >= most:
            break
    return [one for one in list(chosen)[:most] if not injection.order(one)]


def prose(folders: Sequence[str]) -> tuple[list[str], list[str]]:
    """Windows of all prose, and of the package held back."""
    parts = [drawn(of_package(name), WINDOWS) for name in PACKAGES]
    parts += [drawn(translations(), 2 * WINDOWS), *(drawn(of_examples(one), OF_FOLDER) for one in folders)]
    common = sorted({one for part in parts for one in part})
    random.Random(0).shuffle(common)
    return common[:ALL], drawn(of_package(PACKAGE), 2 * WINDOWS)


def kept(path: Path, make):
    """What `make` returns, from a file when it was made before."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make()), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def fit(rows, labels, weights, ridge: float) -> LogisticRegression:
    rows = csr_matrix(rows)
    rows.indices, rows.indptr = rows.indices.astype(numpy.int32), rows.indptr.astype(numpy.int32)
    model = LogisticRegression(C=ridge, solver="liblinear", tol=1e-2, random_state=0)
    return model.fit(rows, labels, sample_weight=weights)


class Fitted(NamedTuple):
    """Both models, as order_model.Model has them, before they are written in eight bits; `scale` is what the
    second multiplies the runs with.
    """

    first: LogisticRegression
    second: LogisticRegression
    scale: numpy.ndarray

    def odds(self, found: list[str]) -> numpy.ndarray:
        """Of each window the log-odds of the second model where the first lets it pass, else -99."""
        rows = order_model_features.matrix(found)
        passing = numpy.flatnonzero(self.first.decision_function(rows) >= order_model.PASS)
        result: numpy.ndarray = numpy.full(len(found), -99.0)
        if len(passing):
            concepts = order_concepts.features([found[place] for place in passing])
            result[passing] = self.second.decision_function(beside(rows[passing], concepts, self.scale))
        return result


def beside(rows: csr_array, concepts: numpy.ndarray, scale: numpy.ndarray) -> csr_array:
    return hstack([rows @ diags_array(scale), csr_array(concepts * CONCEPTS)]).tocsr()


def rarity(rows: csr_array) -> numpy.ndarray:
    """What each run is multiplied with: the root of its inverse document frequency, RUNS in the mean; nothing
    for a run that only one window has.
    """
    count: numpy.ndarray = numpy.bincount(rows.indices, minlength=rows.shape[1])
    found = numpy.sqrt(numpy.log((rows.shape[0] + 1) / numpy.maximum(count, 1)))
    mean = numpy.sqrt((found**2 * count).sum() / count.sum())
    return numpy.where(count > 1, RUNS * found / mean, 0.0)


def learn(written: list[Text], prose: list[str], prose_rows: csr_array) -> Fitted:
    found, labels, weights = [], [], []
    for one in written:
        # Every part of an honest text is honest, but which part of an order is one is not known.
        parts = [whole(one.text)] if one.order else list(dict.fromkeys([whole(one.text), *windows(one.text)]))
        found += parts
        labels += [float(one.order)] * len(parts)
        weights += [one.weight] * len(parts)
    rows, take = order_model_features.matrix(found), numpy.arange(min(FIRST, len(prose)))
    for _ in range(3):
        first = fit(
            vstack([rows, prose_rows[take]]).tocsr(),
            numpy.r_[labels, numpy.zeros(len(take))],
            numpy.r_[weights, numpy.full(len(take), PROSE)],
            RIDGE[0],
        )
        likeliest = numpy.argsort(-first.decision_function(prose_rows), kind="stable")
        take = numpy.union1d(take, likeliest[:ADDED])
    hard = numpy.sort(likeliest[:HARD])
    theirs = order_concepts.features([prose[place] for place in hard])
    scale = rarity(vstack([rows, prose_rows[hard]]).tocsr())
    ours = beside(rows, order_concepts.features(found), scale)
    second = fit(
        vstack([ours, beside(prose_rows[hard], theirs, scale)]).tocsr(),
        numpy.r_[labels, numpy.zeros(len(hard))],
        numpy.r_[weights, numpy.full(len(hard), PASSED)],
        RIDGE[1],
    )
    return Fitted(first, second, scale)


def measure(prose: list[str], prose_rows: csr_array, held: list[str]) -> None:
    found: dict[str, tuple[numpy.ndarray, numpy.ndarray]] = {}
    alarms = []
    for names in HELD_BACK:
        rest = [one for name in SETS if name not in names for one in labelled(name)]
        fitted = learn(rest, prose, prose_rows)
        alarms.append(fitted.odds(held))
        for name in names:
            given = labelled(name)
            parts = [windows(one.text) for one in given]
            odds = fitted.odds([window for part in parts for window in part])
            starts = numpy.cumsum([0, *map(len, parts)])[:-1]
            found[name] = numpy.maximum.reduceat(odds, starts), numpy.array([one.order for one in given])
            print(name, shares(*found[name], order_model.ORDER), flush=True)
    odds, order = (numpy.concatenate(part) for part in zip(*found.values(), strict=True))
    print(f"{(odds[order] > -99).mean():.3f} of the orders pass the first model")
    for least in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5):
        print(
            f"from {least}: {shares(odds, order, least)}, of the package"
            f" {(numpy.concatenate(alarms) >= least).mean():.5f}"
        )


def shares(odds: numpy.ndarray, order: numpy.ndarray, least: float) -> str:
    return f"recall {(odds[order] >= least).mean():.3f}, honest {(odds[~order] >= least).mean():.3f}"


def write(fitted: Fitted) -> None:
    size = 2 * order_model_features.PLACES
    runs = numpy.stack([fitted.first.coef_[0][:size], fitted.second.coef_[0][:size] * fitted.scale])
    scale = numpy.abs(runs).max(axis=1) / 127
    numpy.savez_compressed(
        WEIGHTS,
        bias=numpy.array([fitted.first.intercept_[0], fitted.second.intercept_[0]]),
        scale=scale,
        weights=numpy.round(runs / scale[:, None]).astype(numpy.int8),
        concepts=(fitted.second.coef_[0][size:] * CONCEPTS).astype(numpy.float16),
    )
    print(f"wrote {WEIGHTS}, {WEIGHTS.stat().st_size} bytes")


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--examples", nargs="*", default=[], metavar="FOLDER")
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--store", default=tempfile.gettempdir() + "/autodidact-second-look")
    given = arguments.parse_args()
    common, held = kept(Path(given.store) / "prose.json", lambda: prose(given.examples))
    if given.write:
        common += held
    else:
        common, held = common[:MEASURED], held[: MEASURED // 8]
    rows = vstack(
        [order_model_features.matrix(common[n : n + 5_000]) for n in range(0, len(common), 5_000)]
    ).tocsr()
    if given.write:
        write(learn([one for name in SETS for one in labelled(name)], common, rows))
    else:
        measure(common, rows, held)


if __name__ == "__main__":
    main()
