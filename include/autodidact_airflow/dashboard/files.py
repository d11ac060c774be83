"""What a cycle left for other programs: the card of its adapter, and the logs of inspect_ai."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from autodidact.errors import AutodidactError
from autodidact_airflow.dashboard.cycle import ROLES, reports_of
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer

router = APIRouter()

# Bytes of a log that the server hands out; one of 135 items has some hundred thousand.
MOST_LOG = 100_000_000
# Logs of a model in the list: one for each block, and of each try that was interrupted.
MOST_LOGS = 100


@router.get("/cycle/{cycle_id}/files")
def files(request: Request, cycle_id: str, system: str | None = None) -> Response:
    at = here(system)
    row, logs = at.cycle(cycle_id), []
    try:
        logs = logs_of(at, cycle_id)
    except AutodidactError as error:
        at.trouble = str(error)
    columns = ["role", "block", "log", "bytes"]
    table = Table(columns, [[each[name] for name in columns] for each in logs])
    tables = {"logs": table}
    return answer(
        request, at, "files.html", tables, row=row, logs=logs, card=_card(at, cycle_id), folder=_folder(at)
    )


@router.get("/cycle/{cycle_id}/log/{name}")
def log(cycle_id: str, name: str, system: str | None = None) -> Response:
    """One of the logs in the list, to be saved. Raises HTTPException 404 for another name, 413 for one that
    is too large.
    """
    at = here(system)
    at.cycle(cycle_id)
    found = next((each for each in logs_of(at, cycle_id) if each["log"] == name), None)
    if found is None:
        raise HTTPException(404, f"The cycle {cycle_id} has no log of this name.")
    if found["bytes"] > MOST_LOG:
        raise HTTPException(
            413, f"The log is larger than {MOST_LOG:,} bytes: read it in the store, {found['key']}."
        )
    headers = {"Content-Disposition": f'attachment; filename="{found["log"]}"'}
    return Response(at.store.read_bytes(found["key"]), media_type="application/zip", headers=headers)


def logs_of(at: Here, cycle_id: str) -> list[dict[str, Any]]:
    """{"role", "block", "log", "bytes", "key"} of each log of the models that the cycle measured. Models that
    an earlier cycle measured in the same way have their logs from there.
    """
    found = []
    for role, report in reports_of(at, cycle_id).items():
        model, fingerprint = report["model"].get("sha256"), report["fingerprint"]
        if role not in ROLES or not model:
            continue
        folder = f"{at.system}/benchmarks/{model}/{fingerprint}"
        keys = [key for key in at.store.list(folder) if key.endswith(".eval")]
        for key in sorted(keys)[:MOST_LOGS]:
            *_, block, name = key.split("/")
            row = {"role": role, "block": block.replace("block-", "block "), "log": name}
            found.append(row | {"bytes": at.store.size(key), "key": key})
    return found


def _card(at: Here, cycle_id: str) -> str | None:
    key = f"{at.system}/cycles/{cycle_id}/card.md"
    try:
        return at.store.read_text(key) if at.store.exists(key) else None
    except AutodidactError as error:
        at.trouble = str(error)
        return None


def _folder(at: Here) -> str:
    return f"{at.system}/benchmarks"
