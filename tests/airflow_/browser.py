"""Chromium, driven over its DevTools protocol: enough to open a page, look into it and click."""

import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One tab. `console`: errors and warnings; `requests`: the addresses of all that was loaded."""

    def __init__(self, *, dark: bool = False, width: int = 1280):
        self._folder = tempfile.TemporaryDirectory(prefix="autodidact-browser-", ignore_cleanup_errors=True)
        flags = ["--headless", "--no-sandbox", "--remote-debugging-port=0", f"--window-size={width},900"]
        flags += [
            f"--user-data-dir={self._folder.name}",
            f"--blink-settings=preferredColorScheme={int(not dark)}",
        ]
        self._process = subprocess.Popen([str(CHROMIUM), *flags, "about:blank"], stderr=subprocess.DEVNULL)
        port = self._port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=30) as answer:
            target = next(each for each in json.load(answer) if each["type"] == "page")
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(connect(target["webSocketDebuggerUrl"], max_size=None))
        self._number = 0
        self.console: list[str] = []
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def _port(self) -> int:
        file = Path(self._folder.name) / "DevToolsActivePort"
        for _ in range(600):
            if file.exists() and (text := file.read_text().split()):
                return int(text[0])
            time.sleep(0.1)
        raise AssertionError("chromium did not start")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            self._note(message)
            if message.get("id") == self._number:
                assert "error" not in message, message
                return dict(message["result"])

    def _note(self, message: dict[str, Any]) -> None:
        said = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent" and said["request"]["url"][:4] == "http":
            self.requests.append(said["request"]["url"])
        elif message.get("method") == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.console.append(said["entry"]["text"])
        elif message.get("method") == "Runtime.exceptionThrown":
            self.console.append(said["exceptionDetails"]["text"])

    def log_in(self, address: str, token: str) -> None:
        self.call("Network.setCookie", name="_token", value=token, url=address)

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """The value of an expression."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, script: str, seconds: float = 60) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if value := self.run(script):
                    return value
            except AssertionError:  # the page is being replaced
                pass
            time.sleep(0.2)
        raise AssertionError(f"never came true: {script}; at {self.run('location.href')}")

    def click(self, selector: str) -> None:
        """Clicks what the selector finds, as a person does it with the keyboard."""
        self.wait(f"!!document.querySelector({selector!r})")
        self.run(f"document.querySelector({selector!r}).click()")

    def fill(self, selector: str, value: str) -> None:
        self.wait(f"document.readyState === 'complete' && !!document.querySelector({selector!r})")
        self.run(f"document.querySelector({selector!r}).value = {value!r}")

    def close(self) -> None:
        self._open.close()
        self._process.terminate()
        self._process.wait(30)
        self._folder.cleanup()
