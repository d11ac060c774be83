"""A person's way through the web UI of a real `make standalone`: log in, trigger a cycle, watch it to its verdict."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.airflow_.browser import CHROMIUM, Browser
from tests.airflow_.started import ROOT, Started, free_port
from tests.sandbox import Sandbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium (apt-get install chromium)"),
]
# The defaults, only smaller: the cycle takes two minutes on two idle cores.
SMALL = {
    "TRAINING__MAX_STEPS": "8",
    "TRAINING__ANCHORS": "0",
    "BENCHMARK__DEV_ITEMS": "0",
    "KNOWLEDGE__QUESTIONS": "5",
    "VERDICT__BLOCKS": "2",
    "GATE__CAP": "20",
}
# Of Airflow's own pages: its frame, and its question who is there before the login.
KNOWN = ("allow-same-origin", "401 (Unauthorized)")
FRAME = "document.querySelector('iframe')?.contentDocument"
DAG = "dags/autodidact_cycle"


@pytest.fixture(scope="module")
def airflow() -> Iterator[dict[str, str]]:
    """{"address", "user", "password"} of an Airflow whose cycles read a small repository."""
    # Where PostgreSQL's user may go, and short: a socket is in it.
    folder = Path(tempfile.mkdtemp(prefix="standalone-"))
    functions = {
        f"shop/{name}.py": f'def {name}(limit: int = 2{k}) -> list[str]:\n    """The first {name}."""\n    return []\n'
        for k, name in enumerate(("crate", "depot", "label", "order", "price", "route"))
    }
    Sandbox(folder / "shop").commit("Begin", functions)
    variables = {f"AUTODIDACT_{name}": value for name, value in SMALL.items()}
    (folder / "airflow").mkdir(mode=0o700)
    own = (
        os.environ
        | variables
        | {
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # no cycle of its own accord
            "AIRFLOW__API__PORT": str(free_port()),
            "AUTODIDACT_SOURCES__REPOSITORY": str(folder / "shop"),
            "AUTODIDACT_STORE": str(folder / "store"),
            "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{folder}/chronicle.db",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
    )
    started = Started(own)
    text = started.wait_for(r"Ctrl-C ends it\)\n", 600)
    shown = re.search(r"Web UI    (\S+)\nuser      (\S+)\npassword  (\S+)\n", text)
    yield {"address": f"{shown[1]}/", "user": shown[2], "password": shown[3]}
    started.end()
    shutil.rmtree(folder, ignore_errors=True)


def type_into(browser: Browser, selector: str, text: str) -> None:
    browser.wait(f"!!document.querySelector({selector!r})", 120)
    browser.run(f"document.querySelector({selector!r}).focus()")
    browser.call("Input.insertText", text=text)


def press(browser: Browser, label: str, number: int = 1) -> None:
    """Clicks the last of at least so many buttons with this label."""
    found = f"[...document.querySelectorAll('button')].filter(each => each.innerText.trim() === {label!r})"
    browser.wait(f"{found}.length >= {number}", 120)
    browser.run(f"{found}.pop().click()")


def test_a_cycle_is_triggered_in_the_ui_and_seen_to_its_verdict_on_the_page(airflow):
    address, browser = airflow["address"], Browser()
    browser.open(address)
    type_into(browser, "input[name=username]", airflow["user"])
    type_into(browser, "input[type=password]", airflow["password"])
    browser.run("document.querySelector('button[type=submit]').click()")
    browser.wait("!location.href.includes('login')")

    browser.open(f"{address}plugin/autodidact")
    browser.wait(f"{FRAME}?.querySelector('h1')?.innerText === 'No cycle yet'")
    browser.open(address + DAG)
    press(browser, "Trigger")
    press(browser, "Trigger", 2)  # in the dialog, with the params as they are
    browser.wait("location.pathname.includes('/runs/manual__')", 120)
    run = browser.run("location.pathname")

    # The page says what happens without being loaded again.
    browser.open(f"{address}plugin/autodidact")
    live = f"({FRAME}?.querySelector('#live')?.innerText || '')"
    browser.wait(f"/A run has begun|A cycle runs/.test({live})", 120)
    browser.wait(f"{live}.includes('A cycle runs')", 600)
    browser.wait(f"/Now: .*(train|measure champion)/.test({live})", 1200)
    browser.wait(f"/Now: .*benchmark/.test({live})", 1200)
    browser.wait(f"{FRAME}?.body?.innerText.includes('The last cycle')", 1800)
    text = browser.run(f"{FRAME}.body.innerText")
    assert "A cycle runs" not in text and re.search(r"promote|undecided|reject", text)

    # Beside the run, and by the links of its tasks.
    browser.open(f"{address}{run.lstrip('/')}/plugin/autodidact-cycle")
    browser.wait(f"{FRAME}?.querySelector('#verdict')?.innerText.startsWith('The verdict')", 120)
    browser.open(f"{address}autodidact/")
    cycle = browser.run("document.querySelector(\"a[href^='./cycle/']\").pathname")
    for title in ("Examples", "Items", "Facts", "Files"):
        browser.open(address + cycle.lstrip("/"))
        browser.click(f"nav[aria-label='Of this cycle'] a[href$='/{title.lower()}']")
        browser.wait(f"document.title.startsWith({title!r})")
        browser.wait("document.readyState === 'complete'")
    browser.open(f"{address}autodidact/versions")
    assert browser.run("document.querySelectorAll('circle.version').length") == 2
    assert [line for line in browser.console if not any(word in line for word in KNOWN)] == []
    assert {each.split("/", 3)[2] for each in browser.requests} == {address.split("/")[2]}
    browser.close()
