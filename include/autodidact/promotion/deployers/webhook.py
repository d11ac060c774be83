"""`deploy.kind = "webhook"`: a POST tells a service of yours what to serve; then the server is probed."""

from autodidact.errors import AutodidactError
from autodidact.models.openai_client import OpenAIClient, Refused
from autodidact.promotion.deployers.deployer_base import Served, address
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store


class WebhookDeployer(Served):
    """The body: {"version", "adapter" (a path, or a URL in object storage; empty for a base model),
    "champion" (champion.json)}.

    Any status below 300 means that the service will serve it; `deploy.url` is probed until it does.
    """

    kind = "webhook"

    def __init__(self, settings: Settings, store: Store, system: str):
        super().__init__(settings, store, system)
        if not settings.deploy.webhook:
            raise AutodidactError(
                "deploy.kind is webhook and deploy.webhook is empty",
                "Set deploy.webhook to the address that gets the POST.",
            )
        self._hook = OpenAIClient(
            settings.deploy.webhook, what="deploy.webhook", timeout=settings.deploy.timeout
        )

    def deploy(self, champion: Champion) -> None:
        body = {
            "version": champion.version,
            "adapter": address(self.store, champion),
            "champion": champion.model_dump(mode="json"),
        }
        try:
            self._hook.ask("POST", "", body)
        except Refused as error:
            raise AutodidactError(
                f"deploy.webhook refused {champion.version}: status {error.status} {error.words}"
            ) from None
