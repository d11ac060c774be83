"""The `autodidact` command: the same stages as the DAG, on a cycle or on plain paths.

Exit status: 0 done, 1 failed or a negative answer, 2 wrong usage, 75 interrupted (run again).
"""

import contextlib
import dataclasses
import functools
import inspect
import json
import signal
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from autodidact.display import harmless
from autodidact.errors import AutodidactError, Interrupted, Skipped, UsageError
from autodidact.progress import show

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a language model up to date with a living system.",
)

Profile = Annotated[str | None, typer.Option(help="laptop or production.", metavar="NAME")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Any setting, for example gate.cap=300; values are JSON.", metavar="KEY=VALUE"
    ),
]
StoreUrl = Annotated[
    str | None, typer.Option(help="Where artifacts live: a path or an fsspec URL.", metavar="URL")
]
Json = Annotated[
    bool, typer.Option("--json", help="One JSON object on standard output, and nothing else there.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
CycleId = Annotated[
    str | None, typer.Option("--cycle", help="Work on this cycle of the store.", metavar="ID")
]
Out = Annotated[Path | None, typer.Option("--out", help="Work on plain paths: write here.", metavar="FOLDER")]
Force = Annotated[bool, typer.Option("--force", help="With --cycle: do it again, though it is done.")]
Repo = Annotated[Path | None, typer.Option("--repo", help="The git repository to read.", metavar="PATH")]
System = Annotated[
    str | None, typer.Option(help="A system by its name; `autodidact history` lists them.", metavar="NAME")
]


@dataclasses.dataclass
class Common:
    """What every command takes."""

    profile: str | None
    assignments: list[str]
    store: str | None
    as_json: bool
    debug: bool

    def settings(self, **more: Any):
        from autodidact.settings import load_settings, parse_assignments

        overrides = {key: value for key, value in more.items() if value is not None}
        if self.store:
            overrides["store"] = self.store
        return load_settings(self.profile, overrides | parse_assignments(self.assignments))

    def runtime(self, **more: Any):
        from autodidact.runtime import Runtime

        return Runtime(self.settings(**more))


def command(function):
    """Registers a command with the common options; its returned (object, text) is printed as asked for;
    errors become one line.
    """

    @functools.wraps(function)
    def run(*args, profile=None, assign=None, store=None, as_json=False, debug=False, **kwargs):
        common = Common(profile, assign or [], store, as_json, debug)
        try:
            # Libraries print; standard output belongs to the answer.
            with contextlib.redirect_stdout(sys.stderr), _stoppable():
                value, text, status = function(*args, common=common, **kwargs)
        except KeyboardInterrupt:
            status = _tell(
                Interrupted("Interrupted", "Run the same command again: it goes on."), debug, as_json
            )
        except AutodidactError as error:
            status = _tell(error, debug, as_json)
        except Exception as error:
            if debug:
                raise
            status = _tell(
                AutodidactError(
                    f"{type(error).__name__}: {error}",
                    "This is a fault of Autodidact's; --debug shows where.",
                ),
                debug,
                as_json,
            )
        else:
            print(harmless(json.dumps(value, ensure_ascii=False, default=str) if as_json else text))
        raise typer.Exit(status)

    common = {"profile": Profile, "assign": Set, "store": StoreUrl, "as_json": Json, "debug": Debug}
    own = [p for p in inspect.signature(function).parameters.values() if p.name != "common"]
    own += [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if kind in (Json, Debug) else None,
            annotation=kind,
        )
        for name, kind in common.items()
    ]
    run.__signature__ = inspect.Signature(sorted(own, key=lambda p: p.kind))
    run.__annotations__ = {p.name: p.annotation for p in own}
    return app.command(function.__name__.rstrip("_").replace("_", "-"))(run)


@contextlib.contextmanager
def _stoppable():
    """SIGTERM, which a pod or a service manager sends, stops the work as Ctrl-C does. The first process of a
    container would ignore it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_) -> None:
        signal.signal(
            signal.SIGTERM, signal.SIG_IGN
        )  # once: what is being saved now must not be interrupted again
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(error: AutodidactError, debug: bool, as_json: bool) -> int:
    if debug and not isinstance(error, (Skipped, Interrupted)):
        raise error
    line = " ".join(str(error).split())
    if as_json:
        told = {"skipped" if isinstance(error, Skipped) else "error": line, "exit_status": error.exit_status}
        print(harmless(json.dumps(told, ensure_ascii=False)))
    show(f"autodidact: {line}", sys.stderr)
    return error.exit_status


def _repository(repo: Path | None) -> dict[str, str | None]:
    return {"sources.repository": str(repo) if repo else None}


def _person() -> str:
    """Who changes the champion by hand, for the Chronicle."""
    import getpass

    try:
        return f"{getpass.getuser()} (command)"
    except (KeyError, OSError):
        return "command"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (
        ValueError,
        OverflowError,
    ):  # OverflowError: the first or last hours there are, in another time zone
        raise UsageError(
            f"{text!r} is no time", "Write ISO 8601, for example 2026-11-23T12:00:00Z."
        ) from None


def _cycle(common: Common, name: str, repo: Path | None = None, system: str | None = None):
    """(cycle, runtime) of a cycle of the store; `latest` is the newest, of any system unless one is named."""
    from autodidact import listing
    from autodidact.cycle import rebuild
    from autodidact.cycle.record import load_cycle
    from autodidact.sources.system import system_of

    runtime = common.runtime(**_repository(repo), system=system)
    if name != "latest":
        return load_cycle(runtime, system_of(runtime.settings), name), runtime
    with runtime.chronicle() as chronicle:
        found = listing.chosen(chronicle, runtime.settings, named=bool(repo or system))
        newest = chronicle.cycles(found, limit=1)
        unknown = [] if newest else rebuild.warnings(runtime, chronicle)
    if unknown:
        raise UsageError(unknown[0])
    if not newest:
        raise UsageError(f"{found} has no cycle yet", "Run `autodidact cycle`.")
    return load_cycle(runtime, found, newest[0]["cycle_id"]), runtime


def _manifest(manifest) -> tuple[dict, str, int]:
    text = f"{manifest.stage}: {manifest.status}, {manifest.counts}, {manifest.seconds} s"
    return manifest.model_dump(mode="json"), text, 0


@command
def cycle(
    common: Common,
    repo: Repo = None,
    until: Annotated[
        str | None, typer.Option(help="End of the window; default: now.", metavar="TIME")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Begin of a historical window.", metavar="TIME")] = None,
    historical: Annotated[bool, typer.Option(help="A window of the past: measured, not promoted.")] = False,
    again: Annotated[bool, typer.Option(help="Open another cycle for a window that is closed.")] = False,
    new: Annotated[bool, typer.Option(help="Do not go on with an open cycle.")] = False,
    promote_historical: Annotated[
        bool, typer.Option("--promote-historical", help="Let a window of the past promote.")
    ] = False,
):
    """Run one whole cycle; one that was interrupted goes on where it stopped."""
    from autodidact.cycle.open import open_cycle, require_no_approval
    from autodidact.cycle.run import run
    from autodidact.cycle.summary import as_text

    runtime = common.runtime(**_repository(repo))
    require_no_approval(runtime.settings.approval)
    opened = open_cycle(
        runtime,
        until=_moment(until) or datetime.now(timezone.utc),
        since=_moment(since),
        historical=historical or since is not None,
        resume=not new and until is None,
        again=again,
    )
    summary = run(
        runtime,
        opened,
        promote_historical=promote_historical,
        on_stage=lambda stage: runtime.say(f"== {stage}"),
    )
    return summary, as_text(summary), 0


@command
def generate(
    common: Common,
    cycle: CycleId = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this generator; may be repeated.", metavar="NAME")
    ] = None,
    repo: Repo = None,
    since: Annotated[
        str | None, typer.Option(help="Begin of the window; default: everything.", metavar="TIME")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="End of the window; default: now.", metavar="TIME")
    ] = None,
    out: Out = None,
    force: Force = False,
):
    """Make examples: of a cycle, or of a repository into a folder."""
    if cycle:
        from autodidact.cycle import run
        from autodidact.generators import select

        if since or until:
            raise UsageError(
                "A cycle's window is fixed: --since and --until go with --out FOLDER",
                "Leave them out, or --cycle.",
            )
        opened, runtime = _cycle(common, cycle, repo)
        rows = {}
        for name in select(only) if only else opened.generators():
            try:
                rows[name] = run.generate(name, opened, runtime, force=force).counts
            except Skipped as skip:
                rows[name] = {"skipped": str(skip)}
        return rows, "\n".join(f"{name}: {counts}" for name, counts in rows.items()), 0
    if out is None:
        raise UsageError(
            "generate needs --cycle ID, or --out FOLDER",
            "For example: autodidact generate --repo . --out examples.",
        )
    from autodidact.generators.stage import into_folder

    settings = common.settings(**_repository(repo), **{"generators.only": only})
    rows = into_folder(
        settings, out, since=_moment(since), until=_moment(until) or datetime.now(timezone.utc)
    )
    failed = [name for name, row in rows.items() if row["status"] == "failed"]
    text = "\n".join(
        f"{name}: {row['examples']} examples"
        + (f" ({row['status']}: {row['reason']})" if row.get("reason") else "")
        for name, row in rows.items()
    )
    return rows, text, 1 if len(failed) > settings.generators.max_failed else 0


@command
def gate(
    common: Common,
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of <generator>.jsonl files; with --explain one that the gate wrote.",
            metavar="EXAMPLES",
        ),
    ] = None,
    cycle: CycleId = None,
    out: Out = None,
    example: Annotated[
        str | None,
        typer.Option(
            "--explain", help="Tell one example's story, of the newest cycle or of a folder.", metavar="ID"
        ),
    ] = None,
    repo: Repo = None,
    force: Force = False,
):
    """Keep what is worth training on; or tell, with --explain, what became of one example."""
    from autodidact.cycle import run
    from autodidact.gate.stage import into_folder

    if example:
        from autodidact.gate.trace import as_text, explain
        from autodidact.store import Store

        if plain_folder := folder or out:
            story = explain(Store(plain_folder), "", example)
        else:
            opened, runtime = _cycle(common, cycle or "latest", repo)
            story = explain(runtime.store, f"{opened.folder}/gate", example)
        return story, as_text(story), 0
    if cycle:
        return _manifest(run.gate(*_cycle(common, cycle, repo), force=force))
    if folder is None or out is None:
        raise UsageError(
            "gate needs --cycle ID, or EXAMPLES and --out FOLDER",
            "For example: autodidact gate examples --out gated.",
        )
    report = into_folder(common.settings(), folder, out)
    dropped = ", ".join(f"{rule} {n['dropped']}" for rule, n in report["by_rule"].items() if n["dropped"])
    return report, f"kept {report['kept']} of {report['raw']}; dropped by: {dropped or 'no rule'}", 0


@command
def train(
    common: Common,
    kept: Annotated[Path | None, typer.Argument(help="A kept.jsonl.", metavar="KEPT")] = None,
    cycle: CycleId = None,
    out: Out = None,
    repo: Repo = None,
    force: Force = False,
):
    """Train an adapter; goes on from its last checkpoint when it was interrupted."""
    from autodidact.cycle import run
    from autodidact.training.stage import into_folder

    if cycle:
        return _manifest(run.train(*_cycle(common, cycle, repo), force=force))
    if kept is None or out is None:
        raise UsageError(
            "train needs --cycle ID, or KEPT and --out FOLDER",
            "For example: autodidact train gated/kept.jsonl --out run1.",
        )
    result = into_folder(common.settings(), kept, out)
    text = (
        f"{result['steps']} steps, loss {result['loss_first']:.3f} to {result['loss_mean_last']:.3f}:"
        f" {out / 'adapter'}"
    )
    return result, text, 0


@command
def benchmark(
    common: Common,
    cycle: CycleId = None,
    adapter: Annotated[
        Path | None, typer.Option(help="The adapter to measure; none: the base model.", metavar="FOLDER")
    ] = None,
    blocks: Annotated[
        str, typer.Option(help="Blocks of the suite, for example 0,1,2.", metavar="LIST")
    ] = "0",
    out: Out = None,
    families: Annotated[bool, typer.Option("--list", help="List the families of the suite.")] = False,
    item: Annotated[
        str | None,
        typer.Option("--show", help="Show an item of the suite and how it is scored.", metavar="ITEM"),
    ] = None,
    repo: Repo = None,
    force: Force = False,
):
    """Measure a model; goes on with what is missing when it was interrupted. With --list or --show: look at
    the suite.
    """
    from autodidact.benchmark.stage import into_folder
    from autodidact.cycle import run

    if families or item:
        from autodidact.benchmark import describe

        return *(describe.item(common.settings(), item) if item else describe.listing(common.settings())), 0

    if cycle:
        return _manifest(run.benchmark(*_cycle(common, cycle, repo), force=force))
    if out is None:
        raise UsageError(
            "benchmark needs --cycle ID, or --out FOLDER",
            "For example: autodidact benchmark --adapter run1/adapter --out report.",
        )
    try:
        numbers = [int(part) for part in blocks.split(",")]
    except ValueError:
        raise UsageError(
            f"--blocks {blocks!r} is no list of numbers", "Write for example --blocks 0,1,2."
        ) from None
    report = into_folder(common.settings(), adapter, numbers, out)
    lines = [
        f"{name:<28}{'-' if score.score is None else format(score.score, '.3f')}"
        for name, score in report.categories.items()
    ]
    lines.append(f"{'overall':<28}{'-' if report.overall is None else format(report.overall, '.3f')}")
    from autodidact.benchmark.describe import uncounted

    lines += [note] if (note := uncounted(report)) else []
    return report.model_dump(mode="json"), "\n".join(lines), 0


@command
def judge_check(common: Common):
    """Measure the judge in force against answers that were labelled by hand: kappa with its interval."""
    from autodidact.benchmark import describe

    return *describe.judge_check(common.settings()), 0


@command
def verdict(
    common: Common,
    candidate: Annotated[
        Path, typer.Argument(help="The candidate's report.json.", metavar="CANDIDATE_REPORT")
    ],
    champion: Annotated[Path, typer.Option(help="The champion's report.json.", metavar="CHAMPION_REPORT")],
    base: Annotated[
        Path | None,
        typer.Option(
            help="The base model's report.json; not needed where the champion is the base.",
            metavar="BASE_REPORT",
        ),
    ] = None,
    looks: Annotated[int, typer.Option(help="Verdicts already taken this ISO week.", metavar="K")] = 0,
):
    """Judge a candidate's report against the champion's; exit status 1 unless it promotes."""
    from autodidact.benchmark.report_file import read_report
    from autodidact.promotion import verdict as rules
    from autodidact.promotion.verdict_text import as_text

    reports, reference = (
        [read_report(path) for path in (candidate, champion)],
        read_report(base) if base else None,
    )
    judged = rules.verdict(*reports, common.settings(), looks=looks, base=reference)
    return judged.model_dump(mode="json"), as_text(judged), 0 if judged.outcome == "promote" else 1


@command
def promote(
    common: Common,
    version: Annotated[str, typer.Argument(help="A measured version; `autodidact history` lists them.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the Chronicle.")],
    override: Annotated[
        bool, typer.Option("--override", help="Promote a version that the verdict rejected.")
    ] = False,
    repo: Repo = None,
):
    """Promote a version by hand; --override against its verdict. It is probed as every promotion is."""
    from autodidact.promotion import by_hand
    from autodidact.sources.system import system_of

    runtime = common.runtime(**_repository(repo))
    system = system_of(runtime.settings)
    name = by_hand.promote(runtime, system, version, reason=reason, by=_person(), override=override)
    return {"version": name}, f"{name} is in service", 0


@command
def rollback(
    common: Common,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the Chronicle.")],
    to: Annotated[
        str | None,
        typer.Option(help="An archived version; default: the champion before this one.", metavar="VERSION"),
    ] = None,
    repo: Repo = None,
):
    """Bring an archived version back into service."""
    from autodidact.promotion import by_hand
    from autodidact.sources.system import system_of

    runtime = common.runtime(**_repository(repo))
    name = by_hand.rollback(runtime, system_of(runtime.settings), to=to, reason=reason, by=_person())
    return {"version": name}, f"{name} is in service", 0


@command
def watch(
    common: Common,
    repo: Repo = None,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 60,
):
    """Watch a new champion until its bake time is over; trouble rolls back. The DAG autodidact_watch does the
    same.
    """
    from autodidact.promotion import watch as watching
    from autodidact.sources.system import system_of

    runtime = common.runtime(**_repository(repo))
    told = watching.run(runtime, system_of(runtime.settings), every=every)
    return told, f"{told['version']}: {told['ended']}", 0 if told["ended"] == "healthy" else 1


@command
def serve(
    common: Common,
    repo: Repo = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; other than loopback only with AUTODIDACT_DEPLOY__KEY.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: a free one.", min=0, max=65535)] = 8000,
    rows: Annotated[int, typer.Option(help="Requests that are answered at a time.", min=1, max=256)] = 16,
    seconds: Annotated[float, typer.Option(help="Time that an answer may take; it ends there.", min=1)] = 120,
):
    """Serve the champion: OpenAI's chat completions and completions over champion.json, which it follows."""
    from autodidact.serving.run import serve as run
    from autodidact.sources.system import system_of

    runtime = common.runtime(**_repository(repo))
    system = system_of(runtime.settings)
    ready = lambda url: runtime.say(f"serving {system} at {url}")  # noqa: E731
    run(runtime, system, host=host, port=port, rows=rows, seconds=seconds, on_ready=ready)
    return {"system": system}, "stopped", 0


@command
def reproduce(
    common: Common,
    version: Annotated[str, typer.Argument(help="A trained version; `autodidact history` lists them.")],
    repo: Repo = None,
    out: Out = None,
):
    """Train a version again from what its cycle kept, and compare; exit status 1 when it is another
    adapter."""
    from autodidact.cycle.record import cycle_of_version
    from autodidact.sources.system import system_of
    from autodidact.training.reproduce import as_text
    from autodidact.training.reproduce import reproduce as again

    runtime = common.runtime(**_repository(repo))
    told = again(runtime, *cycle_of_version(runtime, system_of(runtime.settings), version), out)
    on_gpu = not told["device"][1].startswith("CPU")
    return told, as_text(told), 0 if told["same"] or (on_gpu and told["close"]) else 1


@command
def measure_champion(
    common: Common,
    cycle: Annotated[str, typer.Option("--cycle", help="A cycle of the store.", metavar="ID")],
    repo: Repo = None,
    force: Force = False,
):
    """Measure the champion for a cycle: what a pod runs; costs nothing when its answers are there already."""
    from autodidact.cycle import run

    return _manifest(run.measure_champion(*_cycle(common, cycle, repo), force=force))


@command
def history(
    common: Common,
    repo: Repo = None,
    system: System = None,
    limit: Annotated[int, typer.Option(help="How many cycles.", min=1)] = 20,
):
    """The last cycles of every system, or of the one that is named: window, scores, verdict, version; and
    what served when.
    """
    from autodidact import listing
    from autodidact.cycle import rebuild

    runtime = common.runtime(**_repository(repo), system=system)
    with runtime.chronicle() as chronicle:
        found = listing.history(chronicle, runtime.settings, limit, named=bool(repo or system))
        found["disagreements"] = rebuild.warnings(runtime, chronicle)
    return found, "\n\n".join([listing.as_text(found), *found["disagreements"]]), 0


@command
def status(
    common: Common,
    repo: Repo = None,
    system: System = None,
    cycle: CycleId = "latest",
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Finish or undo a promotion that was killed, and see that the champion is served.",
        ),
    ] = False,
):
    """The newest cycle, of all systems or of the one that is named: what is done, and its summary so far."""
    from autodidact.cycle import rebuild
    from autodidact.cycle.summary import as_text, summarize

    if repair:
        from autodidact.promotion import by_hand
        from autodidact.sources.system import system_of

        runtime = common.runtime(**_repository(repo), system=system)
        told = by_hand.repair(runtime, system_of(runtime.settings), by=_person())
        return told, "\n".join([*told["done"], f"{told['champion']} is the champion of {told['system']}"]), 0
    opened, runtime = _cycle(common, cycle, repo, system)
    with runtime.chronicle() as chronicle:
        summary = summarize(opened, runtime, chronicle)
        others = [name for name in chronicle.systems() if name != opened.system]
        notes = [f"Other systems here: {', '.join(others)} (--system NAME shows one)"] if others else []
        summary["disagreements"] = rebuild.warnings(runtime, chronicle)
    return summary, "\n\n".join([as_text(summary), *notes, *summary["disagreements"]]), 0


@command
def chronicle(
    common: Common,
    action: Annotated[
        Literal["check", "rebuild"],
        typer.Argument(help="check: name every disagreement with the store. rebuild: mend them."),
    ],
    champion: Annotated[
        str | None,
        typer.Option(
            help="With rebuild: the version that is to serve, where the two contradict each other.",
            metavar="VERSION",
        ),
    ] = None,
    repo: Repo = None,
    system: System = None,
):
    """Do the Chronicle and the store say the same of every system? Makes what a lost or older Chronicle lacks
    from the store.
    """
    from autodidact.cycle import rebuild
    from autodidact.sources.system import system_of

    if champion and action != "rebuild":
        raise UsageError("--champion goes with `chronicle rebuild`", "`chronicle check` changes nothing.")
    here = common.runtime(**_repository(repo), system=system)
    one = system_of(here.settings) if repo or system or champion else None
    if action == "rebuild":
        found = rebuild.mend(here, one, champion=champion, by=_person())
    else:
        found = rebuild.check(here, one)
    return {"systems": found}, rebuild.as_text(found), 1 if any(row["left"] for row in found) else 0


@command
def doctor(common: Common, repo: Repo = None):
    """Check what a cycle needs: settings, repository, store, Chronicle, base model, versions. Exit status 1
    if something is missing.
    """
    from autodidact.doctor import check

    rows = check(lambda: common.runtime(**_repository(repo)))
    text = "\n".join(f"{'ok ' if row['ok'] else 'NO '} {row['name']:<14} {row['told']}" for row in rows)
    return (
        {"checks": rows, "ok": all(row["ok"] for row in rows)},
        text,
        0 if all(row["ok"] for row in rows) else 1,
    )


@command
def sprout(
    common: Common,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the model; made again, it goes on.", metavar="FOLDER")
    ],
    tokens: Annotated[int | None, typer.Option(help="Stop after so many tokens.", min=1)] = None,
    seconds: Annotated[float | None, typer.Option(help="Stop after so many seconds.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Of the curriculum and the weights.")] = 0,
):
    """Make the embedded base model again, from text on this machine and a curriculum. Interrupted, it goes
    on.
    """
    from autodidact.runtime import say_on_stderr
    from autodidact_sprout.make import make_sprout

    if tokens is None and seconds is None:
        raise UsageError(
            "sprout needs --tokens or --seconds",
            "For example: autodidact sprout --out sprout --tokens 10000000.",
        )
    result = make_sprout(out, tokens=tokens, seconds=seconds, seed=seed, say=say_on_stderr)
    return result, json.dumps(result, indent=1, default=str), 0


def main() -> None:
    """The entry point: runs the command and exits with its status. Wrong usage is told like any other
    error."""
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="autodidact", standalone_mode=False)
    except typer.Abort:
        status = Interrupted.exit_status
    except Exception as error:
        if not hasattr(
            error, "format_message"
        ):  # a usage error of the click that typer brings along, whichever that is
            raise
        path = getattr(getattr(error, "ctx", None), "command_path", "autodidact")
        status = _tell(
            UsageError(error.format_message(), f"See `{path} --help`."),
            debug=False,
            as_json="--json" in sys.argv,
        )
    sys.exit(status or 0)


if __name__ == "__main__":
    main()
