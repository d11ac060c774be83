"""The stages on plain paths: a repository, a folder of examples, a kept.jsonl, an adapter, without a cycle or
a Chronicle.
"""

from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from autodidact.errors import AutodidactError, NoSource, Skipped, UsageError
from autodidact.records import Report, sha256
from autodidact.runtime import say_on_stderr
from autodidact.settings import Settings
from autodidact.sources.snapshot import Snapshot, require_window
from autodidact.store import Cache, Store

# Of a report that is read; sprout's on block 0 has 142 kB.
MOST_BYTES = 256 * 2**20
REMEDY = "It must be a report.json of `autodidact benchmark`."


def snapshot(settings: Settings, *, since: datetime | None, until: datetime) -> Snapshot:
    """The living system that the settings name, as generators see it, outside any cycle. Its repository is
    the caller's to close.
    """
    from autodidact.cycle import cycle_id, system_of
    from autodidact.sources.git.repository import Repository
    from autodidact.sources.git.revisions import commit_at, resolve
    from autodidact.sources.samples import with_samples

    require_window(since, until)
    path, branch = settings.sources.repository, settings.sources.branch
    system, settings = system_of(settings), with_samples(settings)
    return Snapshot(
        system=system,
        cycle_id=cycle_id(until),
        seed=int(sha256(f"{system}/{until.isoformat()}")[:8], 16),
        since=since,
        until=until,
        settings=settings,
        cache=Cache(Store(settings.store)),
        repository=Repository(path, commit_at(path, branch, until)) if path else None,
        previous_commit=resolve(path, branch, since) if path and since else None,
    )


def generate(settings: Settings, out: Path, *, since: datetime | None, until: datetime) -> dict[str, dict]:
    """Writes `out/<generator>.jsonl` (and questions). Returns {generator: {"status", "examples", "reason",
    "errors"}}; a failure costs itself.

    What an earlier run left of these generators is removed first, so that a generator that is skipped, fails
    or is never reached leaves nothing that could be taken for new. Other files stay.
    """
    from autodidact.generators import select
    from autodidact.generators.run import run_generator
    from autodidact.stage import Work

    store, rows, names = Store(out), {}, select(settings.generators.only)
    if repository := snapshot(
        settings, since=since, until=until
    ).repository:  # raises before anything is removed
        repository.close()
    _remove_earlier(out, names)
    for name in names:
        run = Work(store, "")
        seen = snapshot(settings, since=since, until=until)
        say_on_stderr(f"generate: {name}")
        try:
            run_generator(name, seen, run)
            rows[name] = {"status": "done", "examples": run.counts.get("examples", 0)}
        except Skipped as skip:
            rows[name] = {"status": "skipped", "examples": 0, "reason": str(skip)}
            if isinstance(skip, NoSource):
                rows[name]["setting"] = skip.setting
        except UsageError:
            store.delete(f"{name}.jsonl")
            raise
        except Exception as error:
            store.delete(f"{name}.jsonl")  # written already where the questions failed
            rows[name] = {"status": "failed", "examples": 0, "reason": f"{type(error).__name__}: {error}"}
        finally:
            if seen.repository:
                seen.repository.close()
        rows[name]["errors"] = [e.model_dump() for e in run.troubles.list()]
    return rows


def _remove_earlier(out: Path, names: list[str]) -> None:
    """Removes what an earlier run left of the generators, and says so; says as well what else the gate would
    read there.
    """
    own = {f"{name}{ending}" for name in names for ending in (".jsonl", ".questions.jsonl")}
    there = sorted(path for path in out.glob("*.jsonl") if path.is_file() or path.is_symlink())
    for path in (earlier := [path for path in there if path.name in own]):
        path.unlink()
    if earlier:
        say_on_stderr(
            f"generate: removed from {out} what an earlier run left:"
            f" {', '.join(path.name for path in earlier)}"
        )
    if others := [
        path.name for path in there if path.name not in own and not path.name.endswith(".questions.jsonl")
    ]:
        say_on_stderr(
            f"generate: {out} has files of other runs, which the gate would read too: {', '.join(others)}"
        )


def gate(settings: Settings, folder: Path, out: Path) -> dict:
    """Writes `out/kept.jsonl`, `out/dropped.jsonl`, `out/report.json`, `out/report.md` with its pictures, and
    returns the report.
    """
    from autodidact.benchmark.items import block
    from autodidact.gate import run_gate
    from autodidact.gate.report import finish
    from autodidact.models.bases import resolve_base
    from autodidact.models.chat_template import count_tokens
    from autodidact.scanning.artifacts import REMEDY
    from autodidact.scanning.second_scan import require_clean_artifacts

    there = sorted(path for path in folder.glob("*.jsonl") if not path.name.endswith(".questions.jsonl"))
    files = [path for path in there if path.is_file() and not path.is_symlink()]
    for path in there:
        if path not in files:
            say_on_stderr(f"gate: {path.name} is a link or no file, and is left out")
    if not files:
        raise UsageError(
            f"{folder} has no <generator>.jsonl",
            "Make some with `autodidact generate --repo . --out FOLDER`.",
        )

    def rows():
        for path in files:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    yield path.stem, number, line.rstrip(b"\n").decode("utf-8", "surrogateescape")

    store, tokenizer = Store(out), resolve_base(settings).tokenizer()
    scored = block(0, level=settings.benchmark.level)
    with store.lines("kept.jsonl") as kept, store.lines("dropped.jsonl") as dropped:
        report = run_gate(
            rows(),
            settings=settings,
            tokenizer=tokenizer,
            cache=Cache(Store(settings.store)),
            scored=scored,
            kept=kept,
            dropped=dropped,
            say=say_on_stderr,
        )
    outputs = finish(store, "", report, count=partial(count_tokens, tokenizer), settings=settings.gate)
    written = {name: store.read_lines(name) for name in ("kept.jsonl", "dropped.jsonl", *outputs)}
    require_clean_artifacts(written, REMEDY, settings.gate)
    return report


def train(settings: Settings, kept: Path, out: Path) -> dict:
    """Writes `out/adapter/`, `out/card.md` with its picture, and returns what the training manifest would
    say.
    """
    from autodidact.training import train_files
    from autodidact.training.card import card, picture

    if not kept.is_file():
        raise UsageError(f"{kept} does not exist", "Make it with `autodidact gate EXAMPLES --out FOLDER`.")
    result, store = train_files(kept, out, settings, seed=0, say=say_on_stderr), Store(out)
    store.write_text("loss.svg", picture(result))
    store.write_text(
        "card.md",
        card(
            {
                "training": result,
                "adapter": {"path": "adapter", "sha256": result["outputs"]["adapter"].sha256},
            }
        ),
    )
    return result


def benchmark(settings: Settings, adapter: Path | None, blocks: list[int], out: Path) -> Report:
    """Writes `out/report.json` and returns it. Answers are kept under `out/benchmarks`, so that an
    interrupted run goes on.
    """
    from autodidact.benchmark.runner import measure
    from autodidact.models.bases import resolve_base

    if adapter is not None and not (adapter / "adapter_config.json").is_file():
        raise UsageError(
            f"{adapter} is no adapter: it has no adapter_config.json",
            "Name the folder `adapter` that `autodidact train` wrote.",
        )
    store = Store(out)
    report = measure(
        store,
        "",
        settings,
        resolve_base(settings),
        adapter,
        questions=[],
        blocks=blocks,
        week="",
        salt="",
        say=say_on_stderr,
    )
    store.write_json("report.json", report)
    return report


def read_report(path: Path) -> Report:
    """A report.json. Raises UsageError when there is none, AutodidactError when the file is something else,
    or damaged.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AutodidactError(
                f"{path} is no benchmark report: it has more than {MOST_BYTES // 2**20} MB", REMEDY
            )
        return Report.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(
            f"{path} does not exist", "Make it with `autodidact benchmark --out FOLDER`."
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise AutodidactError(
            f"{path} is no benchmark report: {where + ': ' if where else ''}{first['msg']}", REMEDY
        ) from None
    except OSError as error:
        raise AutodidactError(f"{path} cannot be read: {error.strerror}", REMEDY) from None
