"""Makes the screenshots of the Autodidact page that the documents show, from the cycles of a store.

    python scripts/page_screenshots.py --store .autodidact/store --chronicle .autodidact/chronicle.db

It starts Airflow's own API server on loopback, in a home of its own, as a user who may look and edit, and
takes pictures of each view with Chromium (`apt-get install chromium`) into docs/images: wide and light, dark,
and as narrow as a phone. `--serve PORT` starts the server alone, and prints its address.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The server imports all of Airflow first; on a busy machine that takes minutes.
START_SECONDS = 600
# Name of the picture: (view, width, height, dark). The documents show the first ones.
SHOTS = {
    "page": ("", 1280, 1236, False),
    "page-cycle": ("cycle/{cycle}", 1280, 1760, False),
    "page-examples": ("cycle/{cycle}/examples?fate=dropped&rule={rule}", 1280, 900, False),
    "page-example": ("cycle/{cycle}/example/{example}", 1280, 640, False),
    "page-items": ("cycle/{cycle}/items?show=lost", 1280, 980, True),
    "page-versions": ("versions?a={a}&b={b}", 1280, 1340, False),
}
# To look at, besides.
MORE = {
    "dark": ("", 1280, 1500, True),
    "phone": ("", 500, 3200, False),
    "cycle-dark": ("cycle/{cycle}", 1280, 4200, True),
    "cycle-phone": ("cycle/{cycle}", 500, 4600, False),
    "items-phone": ("cycle/{cycle}/items?show=lost", 500, 1500, True),
    "versions-phone": ("versions", 500, 1500, True),
    "rollback": ("rollback?version={a}", 1280, 620, False),
    "files": ("cycle/{cycle}/files", 1280, 1500, False),
}


def environment(home: str, store: str, chronicle: str) -> dict[str, str]:
    return os.environ | {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": "for pictures alone " * 4,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AUTODIDACT_STORE": store,
        "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{Path(chronicle).absolute()}",
    }


def application():
    """Airflow's application, with every request logged in as somebody who may edit."""
    from airflow.api_fastapi.app import create_app
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    app = create_app()
    user = SimpleAuthManagerUser(username="ada", role="admin")

    async def logged_in(scope, receive, send):
        if scope["type"] == "http":
            token = app.state.auth_manager.generate_jwt(user)
            scope = dict(scope) | {
                "headers": [*scope["headers"], (b"authorization", f"Bearer {token}".encode())]
            }
        await app(scope, receive, send)

    return logged_in


def schedule() -> None:
    """Sets when the next run begins, as a scheduler would: none runs here."""
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session

    now = datetime.now(timezone.utc)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    next_run = today + timedelta(hours=12 * (1 + now.hour // 12))
    with create_session() as session:
        session.get(DagModel, "autodidact_cycle").next_dagrun_create_after = next_run


def serve(port: int) -> None:
    import uvicorn

    schedule()
    uvicorn.run(application(), host="127.0.0.1", port=port, log_level="warning")


def names(chronicle: str) -> dict[str, str]:
    """The newest promoted cycle, an example of it, and two versions."""
    from autodidact.chronicle import Chronicle

    with Chronicle(f"sqlite:///{Path(chronicle).absolute()}") as log:
        system = log.systems()[0]
        closed = [row for row in log.history(system, 50) if row["status"] == "closed"]
        cycle = next((row for row in closed if row["outcome"] == "promoted"), closed[0])["cycle_id"]
        archived = [row["version"] for row in log.versions(system, state="archived")]
        champion = log.reigning(system)["version"]
    return {"system": system, "cycle": cycle, "a": archived[-1] if archived else champion, "b": champion}


def picture(address: str, file: Path, width: int, height: int, dark: bool) -> None:
    """One screenshot. Chromium's window is at least 500 pixels wide."""
    chromium = (
        shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("There is no chromium.")
    )
    with tempfile.TemporaryDirectory() as profile:
        flags = [f"--user-data-dir={profile}", f"--screenshot={file}", f"--window-size={width},{height}"]
        flags += ["--headless", "--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=4000"]
        flags += (
            ["--blink-settings=preferredColorScheme=0"]
            if dark
            else ["--blink-settings=preferredColorScheme=1"]
        )
        subprocess.run([chromium, *flags, address], check=True, capture_output=True, timeout=180)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", default=".autodidact/store")
    parser.add_argument("--chronicle", default=".autodidact/chronicle.db")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", default=list(SHOTS), help="names of pictures")
    parser.add_argument("--serve", type=int, metavar="PORT")
    chosen = parser.parse_args()
    if os.environ.get("SERVE_THE_PAGE"):
        serve(chosen.serve)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends too
    with tempfile.TemporaryDirectory(prefix="autodidact-page-") as home:
        settings = environment(home, chosen.store, chosen.chronicle)
        subprocess.run([sys.executable, ROOT / "scripts" / "airflow_ready.py"], env=settings, check=True)
        port = chosen.serve or _free_port()
        command = [sys.executable, __file__, "--serve", str(port)]
        child = subprocess.Popen(command, env=settings | {"SERVE_THE_PAGE": "1"})
        try:
            _wait(port)
            address = f"http://127.0.0.1:{port}/autodidact/"
            print(address, flush=True)
            if chosen.serve:
                child.wait()
            else:
                take(address, chosen)
        finally:
            child.terminate()
            child.wait()


def asked(address: str) -> dict:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def take(address: str, chosen: argparse.Namespace) -> None:
    found = names(chosen.chronicle)
    cycle = f"{address}cycle/{found['cycle']}"
    listed = asked(f"{cycle}/examples?fate=kept&generator=ast_parser&page=3&format=json")
    found["example"] = listed["examples"][0]["id"]
    # Of what two rules dropped, the page shows no text: the picture is of the one that dropped most besides.
    dropped = Counter()
    for row in asked(f"{cycle}?format=json&table=funnel")["funnel"]:
        dropped[row["rule"]] += row["dropped"] if row["rule"] not in ("secrets", "leakage") else 0
    found["rule"] = dropped.most_common(1)[0][0]
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in chosen.only:
        view, width, height, dark = (SHOTS | MORE)[name]
        picture(address + view.format(**found), chosen.out / f"{name}.png", width, height, dark)
        print(chosen.out / f"{name}.png", flush=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit(f"Airflow's API server did not start within {START_SECONDS} s.")


if __name__ == "__main__":
    main()
