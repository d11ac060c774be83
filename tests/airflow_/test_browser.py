"""The page in a real browser, within Airflow's own web UI: no error in the console, nothing from another host."""

import json
import socket
import subprocess
import sys
import time
from importlib import resources

import pytest

from tests.airflow_ import page_data, page_server
from tests.airflow_.browser import CHROMIUM, Browser
from tests.airflow_.page_data import DONE, EXAMPLE, RUNS, VERSION

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium (apt-get install chromium)"),
]
# Airflow's own frame, which the page cannot change.
KNOWN = ("allow-same-origin",)
VIEWS = ["", "cycles", f"cycle/{DONE}", f"cycle/{RUNS}", f"cycle/{DONE}/examples", f"cycle/{DONE}/items"]
VIEWS += [
    f"cycle/{DONE}/files",
    f"cycle/{DONE}/example/{EXAMPLE}",
    f"versions?a=base-1&b={VERSION}",
    f"version/{VERSION}",
]
VIEWS += ["rollback?version=base-1"]


@pytest.fixture(scope="module")
def site(airflow_home, tmp_path_factory):
    """{"address", "token"} of a running API server."""
    own = airflow_home | page_data.fill(tmp_path_factory.mktemp("page"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, page_server.__file__, str(port)]
    child = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True)
    token = next(json.loads(line)["token"] for line in child.stdout if line.startswith('{"token"'))
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield {"address": f"http://127.0.0.1:{port}/", "token": token}
    child.terminate()
    child.wait()


@pytest.fixture
def browser(site):
    browser = Browser()
    browser.log_in(site["address"], site["token"])
    yield browser
    browser.close()


def test_every_view_opens_without_an_error_and_without_a_request_to_another_host(site, browser):
    for view in VIEWS:
        browser.open(f"{site['address']}autodidact/{view}")
        assert browser.run(
            "!!document.querySelector('h1') && getComputedStyle(document.body).marginTop === '0px'"
        )
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), view
    assert browser.console == []
    assert {address.split("/", 3)[2] for address in browser.requests} == {site["address"].split("/")[2]}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_any_view(site, dark):
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text()
    rules = "axe.run({resultTypes: ['violations']}).then(found => found.violations"
    serious = ".filter(each => ['serious', 'critical'].includes(each.impact))"
    told = ".map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | ')))"
    browser = Browser(dark=dark)
    browser.log_in(site["address"], site["token"])
    found = {}
    for view in VIEWS:
        browser.open(f"{site['address']}autodidact/{view}")
        browser.run(f"{axe}; true")
        found[view] = browser.run(rules + serious + told)
    browser.close()
    assert found == dict.fromkeys(VIEWS, [])


def test_on_a_phone_nothing_is_wider_than_the_screen_and_what_scrolls_is_reached_by_the_keyboard(
    site, browser
):
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True
    )
    found = []
    for view in (
        "",
        f"cycle/{DONE}",
        f"cycle/{DONE}/examples",
        f"cycle/{DONE}/items",
        f"cycle/{DONE}/files",
        "versions",
    ):
        browser.open(f"{site['address']}autodidact/{view}")
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), view
        scrolls = "document.querySelectorAll('.scroll:not(details:not([open]) *)')"
        wide = f"[...{scrolls}].filter(each => each.scrollWidth > each.clientWidth)"
        browser.wait(f"{wide}.every(each => each.tabIndex === 0)")
        found.append(browser.run(f"{wide}.length"))
    assert sum(found) > 2


def test_from_airflows_menu_to_a_lost_item_and_back_to_an_older_version(site, browser):
    browser.open(site["address"] + "plugin/autodidact")
    frame = "document.querySelector('iframe')?.contentDocument"
    browser.wait(f"{frame}?.querySelector('h1')?.textContent.includes('shop')")
    browser.open(f"{site['address']}autodidact/")
    browser.click(f"a[href='./cycle/{DONE}']")
    browser.click("nav[aria-label='Of this cycle'] a:nth-child(3)")
    browser.wait("document.title.startsWith('Items')")
    browser.fill("#show", "lost")
    browser.click("form.filters button")
    browser.wait("location.search.includes('show=lost')")
    browser.wait("document.readyState === 'complete' && document.querySelectorAll('article').length === 1")
    assert "champion says one" in browser.run("document.querySelector('article').innerText")
    browser.click("header nav a:nth-child(3)")
    browser.click("a[href*='rollback?version=base-1']")
    browser.fill("#reason", "it broke")
    browser.click("button.danger")
    browser.wait("location.search.includes('started=manual__')")
    browser.wait("document.body?.innerText.includes('The roll-back has been started')")
    assert [line for line in browser.console if not any(word in line for word in KNOWN)] == []


def test_examples_are_narrowed_by_the_form(site, browser):
    browser.open(f"{site['address']}autodidact/cycle/{DONE}/examples")
    browser.wait("document.querySelectorAll('article').length === 2")
    browser.fill("#fate", "dropped")
    browser.fill("#q", "three")
    browser.click("form.filters button")
    browser.wait("location.search.includes('fate=dropped') && document.readyState === 'complete'")
    assert browser.run("document.querySelectorAll('article').length") == 1
    assert "Dropped by length: too short" in browser.run("document.querySelector('article').innerText")


def test_light_and_dark_as_airflow_has_it(site):
    def paper(browser: Browser) -> str:
        return browser.run("getComputedStyle(document.body).backgroundColor")

    for dark in (False, True):
        browser = Browser(dark=dark)
        browser.log_in(site["address"], site["token"])
        browser.open(f"{site['address']}autodidact/")
        light_paper, dark_paper = "rgb(245, 246, 248)", "rgb(17, 20, 24)"
        assert paper(browser) == (dark_paper if dark else light_paper)
        for chosen, expected in (("dark", dark_paper), ("light", light_paper)):
            browser.run(f"localStorage.setItem('theme', '{chosen}')")
            browser.open(f"{site['address']}autodidact/cycles")
            assert paper(browser) == expected
        browser.close()


def test_what_runs_is_renewed_by_itself(site, browser):
    browser.open(f"{site['address']}autodidact/")
    browser.run("document.querySelector('#live h2').textContent = 'old'")
    browser.wait("document.querySelector('#live h2').textContent.includes('A cycle runs')", seconds=30)


def test_a_link_to_airflow_leaves_the_frame(site, browser):
    browser.open(site["address"] + "plugin/autodidact")
    frame = "document.querySelector('iframe')?.contentDocument"
    browser.wait(f"{frame}?.querySelector('h1')?.textContent.includes('shop')")
    browser.run(
        f"(() => {{ const link = {frame}.createElement('a'); link.target = '_top'; link.href = '/dags';"
        f" {frame}.body.append(link); link.click(); }})()"
    )
    browser.wait("location.pathname === '/dags'")
