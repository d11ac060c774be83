"""`deploy.kind = "vllm"`: adapters loaded into a running vLLM, each under an immutable name,
`autodidact-<sha12>`.

Load, probe, flip the alias file, and after the bake time drain and unload. A name is never loaded again with
other weights: vLLM keeps prefixes it computed by name. vLLM must run with the options in docs/serving.md and
see the store under the same path. Requests and errors are those of vLLM 0.32 (tests/real asks a real one).
"""

import re
import time

from autodidact.errors import AutodidactError
from autodidact.models.openai_client import Failed, OpenAIClient, Refused
from autodidact.promotion.deployers.deployer_base import KEY, Served, address
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

URL = "http://127.0.0.1:8000/v1"
# For a load, or a first answer: on a CPU with other work besides, vLLM's first one took more than a minute.
LOAD_SECONDS = 300
LORA_METRIC = re.compile(r"^vllm:lora_requests_info\{(.*)\} +(\S+)$", re.MULTILINE)


def alias_key(system: str) -> str:
    """The alias file: {"format", "alias", "model", "version"}; a gateway sends clients that ask for `alias`
    to `model`.
    """
    return f"{system}/alias.json"


class VllmDeployer(Served):
    kind, several = "vllm", True

    def __init__(self, settings: Settings, store: Store, system: str):
        super().__init__(settings, store, system)
        self.client = OpenAIClient(settings.deploy.url or URL, what="vLLM", key_variable=KEY)
        self.server = self.client

    def name(self, champion: Champion) -> str:
        if champion.adapter:
            return f"autodidact-{champion.adapter.sha256[:12]}"
        return self.base_name(champion)

    def base_name(self, champion: Champion) -> str:
        bases = [name for name, card in self.client.cards().items() if not card.get("parent")]
        return champion.base["id"] if champion.base["id"] in bases or not bases else bases[0]

    def present(self, champion: Champion) -> bool:
        return self.name(champion) in self.client.cards()

    def deploy(self, champion: Champion) -> None:
        if champion.adapter is None:
            return  # the base model is there as long as vLLM is
        name = self.name(champion)
        try:
            body = {"lora_name": name, "lora_path": address(self.store, champion)}
            self.client.ask("POST", "/load_lora_adapter", body, timeout=LOAD_SECONDS)
        except (Refused, Failed) as error:
            if error.status == 400 and "already been loaded" in error.words:
                return  # by an earlier try, as its probe will tell
            raise AutodidactError(f"vLLM does not load {name}: {error.words}", remedy(error)) from None

    def point(self, champion: Champion) -> None:
        record = {
            "format": 1,
            "alias": "autodidact",
            "model": self.name(champion),
            "version": champion.version,
        }
        self.store.write_json(alias_key(self.system), record)

    def retire(self, champion: Champion) -> None:
        if champion.adapter is None:
            return
        name = self.name(champion)
        self._drain(name)
        try:
            self.client.ask("POST", "/unload_lora_adapter", {"lora_name": name})
        except (Refused, Failed) as error:
            if error.status != 404 or error.kind != "NotFoundError":
                raise AutodidactError(f"vLLM does not unload {name}: {error.words}", remedy(error)) from None

    def _drain(self, name: str) -> None:
        """Waits until no request runs or waits on the adapter, by vLLM's own metric; without it, the whole
        time that requests are given.
        """
        end = time.monotonic() + self.settings.deploy.drain
        while time.monotonic() < end:
            if self._busy(name) is False:
                return
            time.sleep(min(0.5, max(0.0, end - time.monotonic())))

    def _busy(self, name: str) -> bool | None:
        try:
            metrics = self.client.ask("GET", "//metrics", timeout=10).data.decode("utf-8", "replace")
        except (Refused, Failed):
            return None
        rows = LORA_METRIC.findall(metrics)
        if not rows:
            return None
        labels, _ = max(
            rows, key=lambda row: float(row[1])
        )  # the value is when it was written: the newest counts
        named = re.findall(r'(?:running|waiting)_lora_adapters="([^"]*)"', labels)
        return any(name in row.split(",") for row in named)


def remedy(error: Refused | Failed) -> str:
    """What to do about an adapter that vLLM does not load or unload."""
    if "max_lora_rank" in error.words:
        return "Start vLLM with --max-lora-rank of the adapter's rank or more (32 for the recipe `seed`)."
    if "LoRA is not enabled" in error.words or (error.status == 404 and error.kind != "NotFoundError"):
        return "Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True."
    if error.status == 404:
        return "vLLM must see the store under the same path."
    return "See vLLM's log."
