"""Precision and recall of each rule of the gate, and of the gate, on the labelled set of tests/data/gate.

    python -m benchmarks.gate_labelled [--show] [--store DIR]

The set has 541 records, each judged by reading it: what the generators made of httpx, flask, celery and the
samples; what an early gate dropped (`early`, `found`: chosen because a rule had a doubt, so they make
precision look worse than a random sample would); and broken, noisy, secret-like, incoherent and leaked ones
made from them. The gate's settings are the defaults (the article's), tokens are sprout's, embeddings the real
ones (kept in the store). `--show` lists what was stopped wrongly and what was missed, with the reason of the
label.

Without the embeddings (tests/gate/test_labelled.py) precision and recall are: form 1 and 1, injection 1 and
1, secrets .91 and .97, length .42 and 1, repetition .57 and 1, leakage 1 and 1, duplicates 1 and .79, noise 1
and .77. What coherence alone can see (42 records) passes then. With them coherence has .73 and .45, the gate
.85 and .77.
"""

import argparse
import tempfile

from autodidact.benchmark.items import block
from autodidact.benchmark.leakage_index import SuiteIndex
from autodidact.gate import Context, counter, pass_through
from autodidact.models.embedding import Embedder
from autodidact.models.find_base_model import resolve_base
from autodidact.settings import load_settings
from autodidact.store import Cache, Store
from tests.gate.labelled_set import figures, judge, load


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--show", action="store_true")
    arguments.add_argument("--store", default=tempfile.gettempdir() + "/autodidact-labelled")
    given = arguments.parse_args()
    settings = load_settings("laptop", {}, environ={})
    defaults = load_settings("production", {}, environ={}).gate
    tokenizer = resolve_base(settings).tokenizer()
    context = Context(defaults, counter(tokenizer), Embedder(Cache(Store(given.store))), SuiteIndex(block(0)))
    rows = load()
    outcomes = judge(lambda stream, keep, drop: pass_through(stream, context, keep, drop), rows)
    by_name = {one.name: one for one in rows}
    print(f"{len(rows)} records\n{'rule':<12}{'stopped':>9}{'precision':>11}{'labelled':>10}{'recall':>8}")
    for rule, row in figures(outcomes).items():
        cells = ("-" if row[key] is None else f"{row[key]:.3f}" for key in ("precision", "recall"))
        precision, recall = cells
        print(f"{rule:<12}{row['stopped']:>9}{precision:>11}{row['labelled']:>10}{recall:>8}")
        for kind in ("wrong", "missed") if given.show and rule != "the gate" else ():
            for name in row[kind]:
                print(f"    {kind:<7}{name:<18}{by_name[name].why}")
    if given.show:
        loose = [o.of for o in outcomes if o.of.fate != "keep" and not o.of.rule and not o.stopped]
        print(
            "no rule is meant to see these:",
            *(f"    missed {one.name:<18}{one.why}" for one in loose),
            sep="\n",
        )


if __name__ == "__main__":
    main()
