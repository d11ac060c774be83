"""Fits the weights of the gate's second look (include/autodidact/gate/second_look.json), and prints how good
they are on what was held back.

    nice .venv/bin/python -m benchmarks.train_second_look [--examples FOLDER...] [--write]

Learnt from: tests/data/gate/second_look.json (orders and honest sentences, by kind, written for this), and
honest prose: the strings and README files of installed packages and what the generators made (FOLDER; their
questions are orders in a way: "the word, nothing else."), less what the patterns call an order. The prose
decides how often a model calls real text an order, so one package (inspect_ai, which is about models,
judges and prompts) is held back of the figures, and learnt from when the weights are written. The prose and
the states of the early layers are kept in DIR.

Printed, for thresholds: recall on orders whose fold (a quarter, at random) or whose whole kind was held back,
the share of the honest sentences written for this that is called an order (they are written to be close to
one), and the number of sentences of the package that are.
"""

import argparse
import ast
import importlib.util
import json
import random
import re
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from autodidact.gate import form, injection, second_look
from autodidact.gate.disguises import readings
from autodidact.gate.rule import Drop, texts
from autodidact.models.early_layers import EarlyLayers
from autodidact.store import Cache, Store

DATA = Path(__file__).parents[1] / "tests" / "data" / "gate" / "second_look.json"
WEIGHTS = Path(second_look.__file__).with_suffix(".json")

HELD_BACK = "inspect_ai"
PACKAGES = (
    "airflow", "click", "datasets", "fastapi", "fsspec", "httpx", "jinja2", "numpy", "peft", "pydantic",
    "rich", "sklearn", "sentence_transformers", "sqlalchemy", "torch", "transformers", "trl",
)  # fmt: skip
# Files of a package and sentences of all of them.
FILES, SENTENCES = 300, 25_000

# Weights of a sentence that was written for this, of one of prose to the model of concepts, and of one of
# prose that this model lets pass to the second.
WRITTEN, PROSE, PASSED = 1.5, 0.5, 1.0
# Inverse strength of the ridge, and the length of the states beside features of 0 and 1. From .05 to .3 and
# from 4 to 8 the figures hardly differ.
RIDGE, LENGTH = 0.1, 6.0 * 2**0.5


def prose(package: str) -> Iterator[str]:
    """Sentences of the strings of a package's code and of its README, in lower case."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return
    root = Path(spec.submodule_search_locations[0])
    paths = sorted(root.rglob("*.py"))
    random.Random(0).shuffle(paths)
    texts = [text for path in paths[:FILES] for text in strings(path)]
    for path in sorted(Path(sysconfig.get_paths()["purelib"]).glob(f"{package}-*.dist-info/METADATA")):
        texts.append(path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[2])
    for text in texts:
        yield from second_look.sentences(re.sub(r"\n\s*(?=[a-z])", " ", text).lower())


def collected() -> tuple[list[str], list[str]]:
    """Sentences of PACKAGES, and of the one held back."""
    common = sorted({text for package in PACKAGES for text in prose(package)})
    common = random.Random(0).sample(common, min(SENTENCES, len(common)))
    held = sorted(set(prose(HELD_BACK)))
    first, second = ([one for one in some if not injection.order(one)] for some in (common, held))
    return first, second


def of_examples(folders: list[str]) -> list[str]:
    """Sentences of what generators made (`autodidact generate --out FOLDER`), in lower case."""
    found: set[str] = set()
    for path in (path for folder in folders for path in sorted(Path(folder).glob("*.jsonl"))):
        for line in path.read_text(encoding="utf-8").splitlines() if ".questions." not in path.name else ():
            one = form.read(line)
            if not isinstance(one, Drop) and one.source.kind != "template":
                text = "\n\n".join(texts([one.messages, one.tools]))
                found.update(
                    sentence for reading in readings(text) for sentence in second_look.sentences(reading)
                )
    return [text for text in sorted(found) if not injection.order(text)]


def kept(path: Path, make):
    """What `make` returns, from a file when it was made before."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make()), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def strings(path: Path) -> list[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return []
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str) and len(value) > 30]


def matrix(sentences: Iterable[str], names: dict[str, int], *, grow: bool = False) -> csr_matrix:
    """Features and pairs of each sentence, 0 or 1. With `grow` new ones get a place in `names`."""
    indices, starts = [], [0]
    for sentence in sentences:
        for name in second_look.expanded(second_look.features(sentence)):
            if grow:
                names.setdefault(name, len(names))
            if name in names:
                indices.append(names[name])
        starts.append(len(indices))
    return csr_matrix(
        (numpy.ones(len(indices), dtype="f4"), indices, starts), shape=(len(starts) - 1, len(names))
    )


def fit(rows, labels, weights) -> LogisticRegression:
    model = LogisticRegression(C=RIDGE, solver="liblinear", max_iter=400, random_state=0)
    return model.fit(rows, labels, sample_weight=weights)


def with_states(rows: csr_matrix, states: numpy.ndarray) -> csr_matrix:
    return hstack([rows, csr_matrix(states * LENGTH)]).tocsr()


class Data:
    """The sentences written for this, and what the model of concepts lets pass of prose."""

    def __init__(self, early: EarlyLayers, written: list[tuple[str, str, int]], prose: list[str]):
        self.kinds = numpy.array([kind for kind, _, _ in written])
        self.labels = numpy.array([label for *_, label in written])
        self.texts = texts = [text.lower() for _, text, _ in written]
        self.names: dict[str, int] = {}
        self.rows = matrix(texts, self.names, grow=True)
        self.prose_rows = matrix(prose, self.names)
        self.folds = numpy.array([sha256(text.encode()).digest()[0] % 4 for text in texts])
        self.first = self.concepts(numpy.ones(len(texts), dtype=bool))
        passed = numpy.flatnonzero(self.first.decision_function(self.prose_rows) >= second_look.PASS - 0.3)
        self.hard_rows = self.prose_rows[passed]
        self.states = early(texts)
        self.hard_states = early([prose[place] for place in passed])
        print(f"{len(texts)} sentences written for this; {len(prose)} of prose, of which {len(passed)} pass")

    def _learn(self, rows, others, take, weight: float) -> LogisticRegression:
        labels = numpy.r_[self.labels[take], numpy.zeros(others.shape[0])]
        weights = numpy.r_[numpy.full(take.sum(), WRITTEN), numpy.full(others.shape[0], weight)]
        return fit(vstack([rows[take], others]).tocsr(), labels, weights)

    def concepts(self, take) -> LogisticRegression:
        return self._learn(self.rows, self.prose_rows, take, PROSE)

    def both(self, take) -> LogisticRegression:
        rows = with_states(self.rows, self.states)
        return self._learn(rows, with_states(self.hard_rows, self.hard_states), take, PASSED)


def measure(data: Data, early: EarlyLayers, held: list[str], *, show: bool) -> None:
    held_rows = matrix(held, data.names)
    passed = numpy.flatnonzero(data.first.decision_function(held_rows) >= second_look.PASS)
    print(f"of {len(held)} sentences of {HELD_BACK} {len(passed)} are read by MiniLM")
    held_both = with_states(held_rows[passed], early([held[place] for place in passed]))
    both_rows = with_states(data.rows, data.states)
    is_order = data.labels == 1
    for name, groups in (("fold", data.folds), ("kind", data.kinds)):
        scores, alarms = numpy.zeros(len(data.labels)), numpy.zeros(len(passed))
        values = list(dict.fromkeys(groups))
        for value in values:
            apart = groups == value
            model, first = data.both(~apart), data.concepts(~apart)
            passes = first.decision_function(data.rows[apart]) >= second_look.PASS
            scores[apart] = numpy.where(passes, model.decision_function(both_rows[apart]), -99)
            alarms += model.decision_function(held_both) / len(values)
        print(f"held back by {name}:")
        for least in (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0):
            print(
                f"  from {least:4}: recall {(scores[is_order] >= least).mean():.3f}, honest sentences"
                f" {(scores[~is_order] >= least).mean():.3f}, of the package {(alarms >= least).sum()}"
            )
        if name == "kind":
            for kind in dict.fromkeys(data.kinds):
                share = (scores[data.kinds == kind] >= second_look.ORDER).mean()
                print(f"    {kind:30} {(data.kinds == kind).sum():4} {share:.2f}")
        elif show:
            for place in numpy.flatnonzero(alarms >= second_look.ORDER):
                print(f"    of the package {alarms[place]:5.1f} {held[passed[place]][:150]}")
            for place in numpy.flatnonzero((scores >= second_look.ORDER) != is_order):
                fault = "missed" if is_order[place] else "wrong "
                print(f"    {fault} {scores[place]:5.1f} {data.texts[place]}")


def write(data: Data) -> None:
    everything: numpy.ndarray = numpy.ones(len(data.labels), dtype=bool)
    tables = {}
    for name, model in (("concepts", data.first), ("both", data.both(everything))):
        weights = model.coef_[0]
        tables[name] = {
            "bias": round(float(model.intercept_[0]), 3),
            "weights": {
                feature: round(float(weights[place]), 3)
                for feature, place in sorted(data.names.items())
                if abs(weights[place]) >= 0.0005
            },
            "states": [round(float(weight * LENGTH), 3) for weight in weights[len(data.names) :]],
        }
    lines = json.dumps(tables, indent=0)
    WEIGHTS.write_text(lines + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS}, {len(lines)} characters")


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--examples", nargs="*", default=[], metavar="FOLDER")
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--show", action="store_true", help="list what was missed and called wrongly")
    arguments.add_argument("--store", default=tempfile.gettempdir() + "/autodidact-second-look")
    given = arguments.parse_args()
    early = EarlyLayers(Cache(Store(given.store)))
    table = json.loads(DATA.read_text(encoding="utf-8"))
    written = [
        (kind, text, label)
        for label, group in ((1, "orders"), (0, "honest"))
        for kind, texts in table[group].items()
        for text in texts
    ]
    common, held = kept(Path(given.store) / "prose.json", collected)
    common += of_examples(given.examples)
    if given.write:
        write(Data(early, written, common + held))
    else:
        measure(Data(early, written, common), early, held, show=given.show)


if __name__ == "__main__":
    main()
