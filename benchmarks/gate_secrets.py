"""How fast the rules that look at the words of an example are, and what they find where nothing is.

    nice .venv/bin/python benchmarks/gate_secrets.py FOLDER...

FOLDER holds raw examples (`autodidact generate --out FOLDER`). Prints, for form, noise, injection, secrets, length and the second scan, the
examples a second on one core, the same as a multiple of the time of `json.loads` in the same run (which does not depend on what else the
machine does), and what was dropped. A drop of a real repository's code is false unless a key stands there.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from autodidact.gate import form, injection, length, noise, second_scan, secrets
from autodidact.gate.rule import Context, Drop

CONTEXT = Context(SimpleNamespace(min_tokens=10, max_tokens=800, deny=[]), lambda text: len(text) // 4, None)


def timed(function, values):
    """(seconds of processor time, results)"""
    start = time.process_time()
    results = [function(value) for value in values]
    return time.process_time() - start, results


def main(folders: list[str]) -> None:
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.jsonl")) if ".questions." not in file.name]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    unit, _ = timed(json.loads, lines)
    print(f"{len(lines)} examples; json.loads: {len(lines) / unit:,.0f}/s")
    total, examples = timed(form.read, lines)
    print(f"{'form':>12}: {len(lines) / total:>9,.0f}/s  {total / unit:5.2f} x json.loads")
    examples = [one for one in examples if not isinstance(one, Drop)]
    for rule in (noise, injection, secrets, length):
        seconds, results = timed(lambda one, rule=rule: rule.check(one, CONTEXT), examples)
        total += seconds
        drops = Counter(f"{r.reason} ({r.value})" if rule is not length else r.reason for r in results if isinstance(r, Drop))
        rewritten = sum(not isinstance(r, Drop) and r is not one for r, one in zip(results, examples, strict=True))
        print(
            f"{rule.NAME:>12}: {len(examples) / seconds:>9,.0f}/s  {seconds / unit:5.2f} x json.loads  rewritten {rewritten}, {dict(drops)}"
        )
    print(f"{'together':>12}: {len(lines) / total:>9,.0f}/s  {total / unit:5.2f} x json.loads")
    seconds, hits = timed(lambda line: list(second_scan.scan([line])), lines)
    print(
        f"{'second scan':>12}: {len(lines) / seconds:>9,.0f}/s  {seconds / unit:5.2f} x json.loads  {dict(Counter(k for h in hits for _, k in h))}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
