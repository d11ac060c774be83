"""`autodidact export`: folders for the Hugging Face hub."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Repo, System
from autodidact.errors import UsageError

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime


@command
def export(
    common: Common,
    what: Annotated[
        Literal["dataset", "adapter"],
        typer.Argument(
            help="dataset: the examples that a cycle's gate kept. adapter: a version, with its card.",
            metavar="dataset|adapter",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="The folder to make; it is there whole or not.", metavar="FOLDER")
    ],
    name: Annotated[
        str | None,
        typer.Argument(
            help="A cycle, or a version; default: the newest cycle, or the version in service.",
            metavar="CYCLE_OR_VERSION",
        ),
    ] = None,
    license_: Annotated[
        str | None,
        typer.Option(
            "--license",
            help="The hub's word for it; default: `unknown`, of an adapter the licence of its base.",
            metavar="ID",
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(help="Of a dataset's examples: the hub's word.", metavar="CODE")
    ] = "en",
    base_model: Annotated[
        str | None,
        typer.Option(help="The name of an adapter's base on the hub, if it has another.", metavar="NAME"),
    ] = None,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """Write a folder that can be uploaded to the Hugging Face hub as it is; nothing is uploaded."""
    if what == "dataset":
        from autodidact.export.dataset import export_dataset

        cycle, runtime = common.cycle(name or "latest", repo, system)
        found = export_dataset(cycle, runtime, out, licence=license_ or "unknown", language=language)
        return found, _dataset_text(found), 0
    from autodidact.export.adapter import export_adapter

    cycle, runtime, row = _version(common, name, repo, system)
    found = export_adapter(runtime, cycle, row, out, base=base_model, licence=license_)
    return found, _adapter_text(found), 0


def _version(
    common: Common, name: str | None, repo: Path | None, system: str | None
) -> "tuple[Cycle, Runtime, dict[str, Any]]":
    """(the cycle that trained it, runtime, the version's row); the version in service where none is named."""
    from autodidact.cycle.record import cycle_of_version

    runtime, own = common.system(repo, system)
    with runtime.chronicle() as chronicle:
        if name is None:
            champion = chronicle.champion(own)
            if champion is None:
                raise UsageError(f"{own} has no version in service yet", "Run `autodidact cycle`.")
            name = champion["version"]
        row = chronicle.version(own, name)
    return cycle_of_version(runtime, own, row["version"])[0], runtime, row


def _dataset_text(found: dict[str, Any]) -> str:
    left = f", {found['left_out']:,} left out that look like a secret now" if found["left_out"] else ""
    return "\n".join(
        [
            f"{found['rows']:,} examples in {len(found['files'])} file(s){left}: {found['folder']}",
            *_license_lines(found),
            "Read the rows before you publish them: they quote your system. Then:",
            f"  hf upload OWNER/NAME {found['folder']} --repo-type dataset",
        ]
    )


def _adapter_text(found: dict[str, Any]) -> str:
    base = f"Base: {found['base_model']}"
    if found["base_model"] is None:
        base = "The base has no name on the hub that is known here: --base-model OWNER/NAME gives it one."
    return "\n".join(
        [
            f"{found['version']}: {found['folder']}",
            base,
            *_license_lines(found),
            "The card quotes reasons, scores and commits of your system. To publish all of it:",
            f"  hf upload OWNER/NAME {found['folder']}",
        ]
    )


def _license_lines(found: dict[str, Any]) -> list[str]:
    if found["license"] == "unknown":
        return ["License: unknown; --license names one."]
    return [f"License: {found['license']}"]
