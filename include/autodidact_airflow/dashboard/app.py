"""The application: its routes, its headers, its files, and what an error looks like."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from autodidact.errors import AutodidactError, UsageError
from autodidact.safe_text import one_line
from autodidact_airflow.dashboard import cycle, examples, facts, files, items, overview, rights, versions
from autodidact_airflow.dashboard.rendering import FOLDER, answer

# Nothing from another host, nothing inline, and shown in a frame of this server alone.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

log = logging.getLogger(__name__)

app = FastAPI(
    title="Autodidact", dependencies=[rights.MAY_LOOK], docs_url=None, redoc_url=None, openapi_url=None
)
for view in (overview, cycle, examples, items, facts, files, versions):
    app.include_router(view.router)


@app.get("/page.css")
def style() -> FileResponse:
    return FileResponse(FOLDER / "static" / "page.css", media_type="text/css")


@app.get("/page.js")
def script() -> FileResponse:
    return FileResponse(FOLDER / "static" / "page.js", media_type="text/javascript")


@app.middleware("http")
async def headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        response = await call_next(request)
    except Exception as error:  # a mistake in a view: its answer has the headers too
        response = _broken(request, error)
    response.headers.update(HEADERS)
    return response


@app.exception_handler(AutodidactError)
def _failed(request: Request, error: AutodidactError) -> Response:
    return _error(request, 404 if isinstance(error, UsageError) else 503, one_line(str(error)))


@app.exception_handler(HTTPException)
def _refused(request: Request, error: HTTPException) -> Response:
    unknown = error.status_code == 404 and error.detail == "Not Found"
    message = "There is no view at this address." if unknown else str(error.detail)
    return _error(request, error.status_code, message)


def _broken(request: Request, error: Exception) -> Response:
    """What a view answers that ended with an error that nobody expected. The log says where."""
    where = "".join(traceback.format_tb(error.__traceback__))
    path = request.scope["path"]
    log.error("%s: %s: %s\n%s", one_line(path), type(error).__name__, one_line(str(error)), where)
    return _error(
        request,
        500,
        "This view ended with an error, probably because a record has a form that nobody expected."
        " The API server's log says where.",
    )


def _error(request: Request, status: int, message: str) -> Response:
    """One sentence: as JSON for a program, and for whoever is not logged in."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if status in (401, 403) or not wants_page or request.query_params.get("format"):
        return JSONResponse({"detail": message}, status_code=status)
    return answer(request, None, "error.html", {}, status, message=message)
