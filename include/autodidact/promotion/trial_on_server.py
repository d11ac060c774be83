"""`benchmark.through = "server"`: a cycle's models on the server that clients ask, before it is decided.

Each is loaded under its immutable name while the champion serves, and probed; clients notice nothing.
What is not promoted is taken off by the next sweep (deploy.py, trial_files.py).
"""

import time
from collections.abc import Callable
from functools import partial

from autodidact.benchmark.server_repeatability import Through
from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.models.openai_client import Refused
from autodidact.promotion import server_precision, trial_files, vllm_check
from autodidact.promotion.deploy import bring
from autodidact.promotion.deployers import Deployer, deployer_of
from autodidact.promotion.deployers.deployer_base import Served
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

# Between two looks at a server that is away.
PAUSE_SECONDS = 2.0


class Trial:
    """The server, and the models of one cycle (`models`: candidate, champion, base) on it.

    `lease_key`: the lease that is held for as long as they are measured. `ready`: asks the server, before it
    is given anything, whether it can do all that will be asked of it; raises AutodidactError where not.
    Raises AutodidactError when the deployer cannot be had.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        system: str,
        lease_key: str,
        models: list[Champion],
        deployer: Deployer | None = None,
        ready: Callable[[], None] = lambda: None,
    ):
        self._settings, self._store, self._system = settings, store, system
        self._lease_key, self._models = lease_key, models
        self._deployer = deployer or deployer_of(settings, store, system)
        self._ready, self._is_ready = ready, False
        self._probed: set[str] = set()
        self._precision = ""

    def bring(self, champion: Champion) -> Through:
        """Where the version answers; it is loaded, and probed, unless it is there and was. Raises
        AutodidactError.
        """
        deployer = self._deployer
        if not isinstance(deployer, Served) or deployer.server is None:
            raise UsageError("There is no server to measure through", "Set deploy.url.")
        if not self._is_ready:
            self._ready()
            self._is_ready = True
        if champion.version not in self._probed or not deployer.present(champion):
            self._load(champion)
        self._precision = self._precision or server_precision.of(
            deployer, self._store, self._system, self._base()
        )
        return Through(
            url=deployer.server.url,
            name=deployer.name(champion),
            kind=deployer.kind,
            precision=self._precision,
            server=deployer.server.program(),
        )

    def again(self, champion: Champion, error: AutodidactError) -> bool:
        """Whether what failed with `error` is worth another try: the server was away and is back, or it no
        longer has the version that it had. Waits for a server that is away, up to `deploy.timeout`.
        """
        had = champion.version in self._probed or isinstance(error, Refused)
        end, away = time.monotonic() + self._settings.deploy.timeout, False
        while True:
            try:
                there = self._deployer.present(champion)
                return away or (had and not there)
            except Unavailable:
                if not isinstance(error, Unavailable) or time.monotonic() > end:
                    return False
                away = True
                time.sleep(PAUSE_SECONDS)

    def _load(self, champion: Champion) -> None:
        """The version in service is not taken off, whatever its probe says: clients have it. And where the
        server has lost it, it comes first.
        """
        self._precision = ""  # a server that has lost a version may have been started in another one
        others = tuple(each for each in self._models if _weights(each) != _weights(champion))
        reigning = self._reigning()
        for each in self._models:
            if each.version == reigning and not self._deployer.present(each):
                self._deployer.deploy(each)
        if champion.version == reigning:
            self._deployer.probe(champion, others)
        else:
            trial_files.write(self._store, self._system, champion, self._lease_key)
            bring(self._deployer, champion, others)
        self._probed.add(champion.version)

    def _reigning(self) -> str | None:
        key = f"{self._system}/champion.json"
        return self._store.read_json(key).get("version") if self._store.exists(key) else None

    def _base(self) -> Champion:
        return next(each for each in self._models if each.adapter is None)


def _weights(champion: Champion) -> tuple[str | None, str]:
    return champion.adapter.sha256 if champion.adapter else None, champion.quantization


def on_the_server(
    settings: Settings, store: Store, system: str, lease_key: str, models: list[Champion]
) -> Trial | None:
    """The server that a cycle measures through; None where its settings say otherwise, or where it holds one
    version at a time: there the answers are compared in the bake time (watch.py).
    """
    if settings.benchmark.through != "server" or settings.deploy.kind == "none":
        return None
    deployer = deployer_of(settings, store, system)
    if not deployer.several:
        return None
    return Trial(settings, store, system, lease_key, models, deployer, partial(_ask, deployer, settings))


def _ask(deployer: Deployer, settings: Settings) -> None:
    """Raises AutodidactError with what a vLLM lacks, in one line."""
    if isinstance(deployer, VllmDeployer):
        vllm_check.require(deployer, vllm_check.by_settings(settings, "benchmark"))
