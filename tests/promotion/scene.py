"""A living system with a Chronicle, a store, versions with real adapter folders, and a server that a command
deploys to.
"""

from pathlib import Path

from autodidact.chronicle import Chronicle
from autodidact.digests import folder_digest
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import loopback

BASE = {"id": "sprout", "revision": None, "sha256": "b" * 64}
WHY = {"by": "ann", "reason": "because"}


class Scene:
    def __init__(
        self,
        tmp_path: Path,
        url: str,
        system: str = "shop",
        *,
        command: str | None = None,
        server: str | None = None,
    ):
        self.chronicle, self.store, self.system = Chronicle(url), Store(tmp_path / "store"), system
        self.served = tmp_path / f"served-by-{system}"  # what the server has loaded: a version, or nothing
        script = tmp_path / "deploy.sh"
        script.write_text('printf %s "$AUTODIDACT_VERSION" > "$1"\n')
        command = command or f"sh {script} {self.served}"
        # What the model server answers beside its list is tested elsewhere.
        self.settings = Settings(
            deploy=Deploy(kind="command", command=command, url=server, timeout=5, tolerance=None, live=0)
        )
        self.quiet = Settings()

    def add(self, version: str, state: str = "benchmarked") -> None:
        """A version with an adapter folder of its own."""
        key = f"{self.system}/cycles/{version}/training/adapter"
        self.write_weights(key, f"weights of {version}")
        self.store.write_json(f"{key}/adapter_config.json", {"r": 32})
        adapter = {"path": key, "sha256": folder_digest(self.store.local(key))}
        self.chronicle.register_version(self.system, version, version, BASE, adapter, "nf4")
        if state != "candidate":
            self.chronicle.set_state(self.system, version, state, "t", "measured")

    def write_weights(self, key: str, weights: str) -> None:
        self.store.write_text(f"{key}/adapter_model.safetensors", weights)

    def state(self, version: str) -> str:
        return self.chronicle.version(self.system, version)["state"]

    def champion_json(self) -> dict:
        return self.store.read_json(f"{self.system}/champion.json")

    def agrees_on(self, version: str) -> bool:
        """Whether Chronicle, champion.json and server name `version`, the only champion, and nothing is left
        half done.
        """
        states = [row["state"] for row in self.chronicle.versions(self.system)]
        assert states.count("champion") == 1 and "promoting" not in states
        assert self.chronicle.champion(self.system)["version"] == version
        assert self.champion_json()["version"] == version
        return self.served.read_text() == version


class ModelServer(loopback.Server):
    """Answers /v1/models with the version that stands in a file."""

    def __init__(self, served: Path):
        class Handler(loopback.Handler):
            def do_GET(self):
                names = [served.read_text()] if served.exists() else []
                found = {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}
                self.reply(found, 200 if self.path == "/v1/models" else 404)

        super().__init__(Handler)
