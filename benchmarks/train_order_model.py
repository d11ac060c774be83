"""Fits the weights of the gate's second look (include/autodidact/gate/order_model.npz), and prints how good
they are on sets by others than those who wrote what was learnt from.

    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] [--write]

Learnt from: the sets of tests/data/gate (orders, and honest texts that are close to one), and honest prose:
the strings and README files of installed packages, the translations of Airflow's pages into 20 languages, and
what the generators made of repositories (`autodidact generate --out FOLDER`), less what the patterns call an
order. Of the prose a part is drawn at random, and three times what the model takes most for orders is added.
The prose and the states of the early layers are kept in `--store`. The weights that are there learnt from
examples of aider, Flask, Celery, swr-site, asciidoctor, agentsview, httpx, fzf, Nextcloud AIO and attrs
(`--set generators.limit=2000`).

Printed, for each set held back, with its authors, from what is learnt: recall and the share of honest texts
called an order, each by the windows of the text as the gate reads it, and the share of the prose of a package
that is held back too (inspect_ai, which is about models, judges and prompts).
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
from scipy.sparse import csr_array, csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from autodidact.gate import form, injection, order_model, order_model_features
from autodidact.gate.disguises import readings
from autodidact.gate.rule import Drop, texts
from autodidact.models.early_layers import EarlyLayers
from autodidact.store import Cache, Store
from benchmarks.gate_orders import groups

DATA = Path(__file__).parents[1] / "tests" / "data" / "gate"
SETS = ("orders_a", "orders_b", "order_model", "blind_orders", "blind_orders_2")
# Held back, and learnt from meanwhile.
HELD_BACK = (
    ("orders_b", ("orders_a",)),
    ("orders_a", ("orders_b",)),
    ("blind_orders_2", ("orders_a", "orders_b", "order_model", "blind_orders")),
)
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
# Inverse strengths of the ridge, and the lengths of runs and states in the second model. Of twelve choices
# tried these are among the best three on all sets held back, which differ by .02 of recall.
RIDGE, RUNS, STATES = (3.0, 1.0), 4.0, 3.0


class Text(NamedTuple):
    """A text of a set: by which the language is known when its kind begins with it (`fr: approve`)."""

    kind: str
    text: str
    order: bool

    @property
    def english(self) -> bool:
        return not re.match(r"(?!en)[a-z]{2}(: |-)", self.kind)


def labelled(name: str) -> list[Text]:
    found = groups(DATA / f"{name}.json")
    return [
        Text(kind.removeprefix("honest: "), text, not kind.startswith("honest"))
        for kind, members in found.items()
        for text in members
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
    """What generators made that is not Autodidact's own words."""
    for path in sorted(Path(folder).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines() if ".questions." not in path.name else ():
            one = form.read(line)
            if not isinstance(one, Drop) and one.source.kind not in injection.OWN:
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
    model = LogisticRegression(C=ridge, solver="liblinear", max_iter=200, random_state=0)
    return model.fit(rows, labels, sample_weight=weights)


class Fitted(NamedTuple):
    """Both models, as order_model.Model has them, before they are written in eight bits."""

    first: LogisticRegression
    second: LogisticRegression

    def odds(self, found: list[str], early: EarlyLayers) -> numpy.ndarray:
        """Of each window the log-odds of the second model where the first lets it pass, else -99."""
        rows = order_model_features.matrix(found)
        passing = numpy.flatnonzero(self.first.decision_function(rows) >= order_model.PASS)
        result: numpy.ndarray = numpy.full(len(found), -99.0)
        if len(passing):
            states = early([found[place] for place in passing])
            result[passing] = self.second.decision_function(beside(rows[passing], states))
        return result


def beside(rows: csr_array, states: numpy.ndarray) -> csr_array:
    return hstack([rows * RUNS, csr_array(states * STATES)]).tocsr()


def learn(written: list[Text], prose: list[str], prose_rows: csr_array, early: EarlyLayers) -> Fitted:
    found, labels, weights = [], [], []
    for one in written:
        # Every part of an honest text is honest, but which part of an order is one is not known.
        parts = [whole(one.text)] if one.order else list(dict.fromkeys([whole(one.text), *windows(one.text)]))
        found += parts
        labels += [float(one.order)] * len(parts)
        weights += [FOREIGN if one.order and not one.english else WRITTEN] * len(parts)
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
    second = fit(
        vstack(
            [beside(rows, early(found)), beside(prose_rows[hard], early([prose[place] for place in hard]))]
        ).tocsr(),
        numpy.r_[labels, numpy.zeros(len(hard))],
        numpy.r_[weights, numpy.full(len(hard), PASSED)],
        RIDGE[1],
    )
    return Fitted(first, second)


def measure(prose: list[str], prose_rows: csr_array, held: list[str], early: EarlyLayers) -> None:
    for name, learnt in HELD_BACK:
        fitted = learn([one for some in learnt for one in labelled(some)], prose, prose_rows, early)
        given = labelled(name)
        order = numpy.array([one.order for one in given])
        english = numpy.array([one.english for one in given])
        parts = [windows(one.text) for one in given]
        odds = fitted.odds([window for part in parts for window in part], early)
        starts = numpy.cumsum([0, *map(len, parts)])[:-1]
        highest, alarms = numpy.maximum.reduceat(odds, starts), fitted.odds(held, early)
        passed = (highest[order] > -99).mean()
        print(f"{name}, learnt from {', '.join(learnt)}; {passed:.3f} of its orders pass the first model")
        for least in (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5):
            print(
                f"  from {least:4}: recall {(highest[order] >= least).mean():.3f} (English"
                f" {(highest[order & english] >= least).mean():.3f}), honest"
                f" {(highest[~order] >= least).mean():.3f}, of the package {(alarms >= least).mean():.5f}",
                flush=True,
            )
        for kind in dict.fromkeys(one.kind for one in given):
            of_kind = highest[[one.kind == kind for one in given]]
            print(f"    {kind:40} {len(of_kind):3} {(of_kind >= order_model.ORDER).mean():.2f}")


def write(fitted: Fitted) -> None:
    size = 2 * order_model_features.PLACES
    runs = numpy.stack([fitted.first.coef_[0][:size], fitted.second.coef_[0][:size] * RUNS])
    scale = numpy.abs(runs).max(axis=1) / 127
    numpy.savez_compressed(
        WEIGHTS,
        bias=numpy.array([fitted.first.intercept_[0], fitted.second.intercept_[0]]),
        scale=scale,
        weights=numpy.round(runs / scale[:, None]).astype(numpy.int8),
        states=(fitted.second.coef_[0][size:] * STATES).astype(numpy.float16),
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
    early = EarlyLayers(Cache(Store(given.store)))
    common, held = kept(Path(given.store) / "prose.json", lambda: prose(given.examples))
    if given.write:
        common += held
    else:
        common, held = common[:MEASURED], held[: MEASURED // 8]
    rows = vstack(
        [order_model_features.matrix(common[n : n + 5_000]) for n in range(0, len(common), 5_000)]
    ).tocsr()
    if given.write:
        write(learn([one for name in SETS for one in labelled(name)], common, rows, early))
    else:
        measure(common, rows, held, early)


if __name__ == "__main__":
    main()
