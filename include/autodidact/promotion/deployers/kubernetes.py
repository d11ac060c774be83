"""`deploy.kind = "kubernetes"`: patches the pod template of a Deployment and watches the rollout, as `kubectl
rollout status` does.

The version stands in the annotations `autodidact/version` and `autodidact/adapter` of the pods, which read
them by the downward API. A new
template starts new pods, and the readiness probe of yours decides when the old ones go.
`deploy.kubernetes` is `namespace/deployment` inside a cluster (service account of the pod: get and patch on
that Deployment), or the
whole address of the Deployment elsewhere, through `kubectl proxy` for example.
"""

import os
import time
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Unavailable
from autodidact.models.openai_client import PASSING
from autodidact.promotion.deployers.deployer_base import Served, address
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class KubernetesDeployer(Served):
    kind = "kubernetes"

    def __init__(self, settings: Settings, store: Store, system: str):
        super().__init__(settings, store, system)
        self._url, self._timeout = _address_of(settings.deploy.kubernetes or ""), settings.deploy.timeout

    def deploy(self, champion: Champion) -> None:
        annotations = {
            "autodidact/version": champion.version,
            "autodidact/adapter": address(self.store, champion),
        }
        patch = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
        wanted = self._ask("PATCH", patch)["metadata"]["generation"]
        end = time.monotonic() + self._timeout
        while waits_for := unfinished(self._ask("GET"), wanted):
            if time.monotonic() > end:
                raise AutodidactError(
                    f"the rollout of {champion.version} did not end within {self._timeout:g} s: {waits_for}"
                )
            time.sleep(min(1.0, self._timeout / 10))

    def _ask(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        import httpx

        headers = {"Content-Type": "application/merge-patch+json"} if body else {}
        token, authority = ACCOUNT / "token", ACCOUNT / "ca.crt"
        inside = self._url.startswith("https://") and token.is_file()
        if inside:
            headers["Authorization"] = f"Bearer {token.read_text(encoding='utf-8').strip()}"
        try:
            import ssl

            trust = (
                ssl.create_default_context(cafile=str(authority)) if inside and authority.is_file() else True
            )
            response = httpx.request(method, self._url, json=body, headers=headers, timeout=30, verify=trust)
            answer: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError, OSError) as error:
            raise Unavailable(
                f"the Kubernetes API does not answer ({type(error).__name__})", "Check deploy.kubernetes."
            ) from None
        if response.status_code >= 400:
            words = answer.get("message") if isinstance(answer, dict) else None
            message = f"the Kubernetes API answered with status {response.status_code}: {words or 'nothing'}"
            if response.status_code >= 500 or response.status_code in PASSING:
                raise Unavailable(message, "Try again later.")
            raise AutodidactError(message, "Its service account needs get and patch on that Deployment.")
        return answer


def unfinished(deployment: dict[str, Any], generation: int) -> str | None:
    """What a rollout waits for, in words; None when every pod is new and available. Raises AutodidactError
    when Kubernetes gave it up.
    """
    status, wanted = deployment.get("status", {}), deployment.get("spec", {}).get("replicas", 1)
    if status.get("observedGeneration", 0) < generation:
        return "the new pod template has not been seen yet"
    for condition in status.get("conditions", []):
        if condition.get("type") == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            raise AutodidactError(
                "the rollout was given up: ProgressDeadlineExceeded",
                "See `kubectl describe` of the Deployment's pods.",
            )
    updated, total, available = (
        status.get(name, 0) for name in ("updatedReplicas", "replicas", "availableReplicas")
    )
    if updated < wanted:
        return f"{updated} of {wanted} pods are new"
    if total > updated:
        return f"{total - updated} old pods have not ended"
    return f"{available} of {updated} new pods are available" if available < updated else None


def _address_of(named: str) -> str:
    if named.startswith(("http://", "https://")):
        return named
    namespace, slash, deployment = named.partition("/")
    host = os.environ.get("KUBERNETES_SERVICE_HOST")
    if not (namespace and slash and deployment) or "/" in deployment:
        raise AutodidactError(
            "deploy.kind is kubernetes and deploy.kubernetes names no Deployment",
            "Write namespace/deployment.",
        )
    if not host:
        raise AutodidactError(
            "deploy.kubernetes is namespace/deployment, and this is no pod of a cluster",
            "Run `kubectl proxy` and write"
            " http://127.0.0.1:8001/apis/apps/v1/namespaces/NAMESPACE/deployments/NAME.",
        )
    host = f"[{host}]" if ":" in host else host
    port = os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    return f"https://{host}:{port}/apis/apps/v1/namespaces/{namespace}/deployments/{deployment}"
