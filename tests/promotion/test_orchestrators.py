"""The webhook, and Kubernetes by its API: what is sent, and what is waited for."""

import pytest

from autodidact.errors import AutodidactError, Unavailable
from autodidact.promotion.deployers import KubernetesDeployer, WebhookDeployer
from autodidact.promotion.deployers.kubernetes import unfinished
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import loopback

CHAMPION = Champion(
    version="c1-0123456789ab",
    base={"id": "sprout", "revision": None, "sha256": "b"},
    adapter={"path": "shop/cycles/c1/training/adapter", "sha256": "a"},
    quantization="nf4",
    cycle_id="c1",
    promoted_at="2026-11-23T12:00:00Z",
)


class Answering(loopback.Server):
    """Answers each request by `answer(method, path, headers, body) -> (status, json)`; keeps what it was
    asked.
    """

    def __init__(self, answer):
        asked = self.asked = []

        class Handler(loopback.Handler):
            def _any(self):
                body = self.body()
                asked.append((self.command, self.path, body))
                status, reply = answer(self.command, self.path, self.headers, body)
                self.reply(reply, status)

            do_GET = do_POST = do_PATCH = _any

        super().__init__(Handler)
        self.url = self.root


def settings(**deploy) -> Settings:
    return Settings(deploy=Deploy(tolerance=None, live=0, **{"timeout": 60} | deploy))


def test_a_webhook_gets_the_version_and_where_its_adapter_is(tmp_path):
    with Answering(lambda *_: (202, {})) as hook:
        WebhookDeployer(
            settings(kind="webhook", webhook=f"{hook.url}/deploy?team=shop"), Store(tmp_path), "shop"
        ).deploy(CHAMPION)
    ((method, path, body),) = hook.asked
    assert (method, path, body["version"]) == ("POST", "/deploy?team=shop", "c1-0123456789ab")
    assert body["adapter"] == f"{tmp_path}/shop/cycles/c1/training/adapter"
    assert body["champion"] == CHAMPION.model_dump(mode="json")


def test_a_webhook_that_refuses_says_why(tmp_path):
    with Answering(lambda *_: (409, {"error": "a freeze is on"})) as hook:
        deployer = WebhookDeployer(settings(kind="webhook", webhook=hook.url), Store(tmp_path), "shop")
        with pytest.raises(
            AutodidactError, match="deploy.webhook refused c1-0123456789ab: status 409 a freeze is on"
        ):
            deployer.deploy(CHAMPION)
    with pytest.raises(AutodidactError, match="deploy.webhook is empty"):
        WebhookDeployer(settings(kind="webhook"), Store(tmp_path), "shop")


def deployment(generation=2, observed=2, replicas=2, updated=2, total=2, available=2, conditions=()):
    status = {
        "observedGeneration": observed,
        "updatedReplicas": updated,
        "replicas": total,
        "availableReplicas": available,
    }
    return {
        "metadata": {"generation": generation},
        "spec": {"replicas": replicas},
        "status": status | {"conditions": list(conditions)},
    }


@pytest.mark.parametrize(
    ("state", "waits_for"),
    [
        (deployment(), None),
        (deployment(observed=1), "the new pod template has not been seen yet"),
        (deployment(updated=1), "1 of 2 pods are new"),
        (deployment(total=3), "1 old pods have not ended"),
        (deployment(available=1), "1 of 2 new pods are available"),
        (
            {"metadata": {"generation": 2}, "spec": {}, "status": {}},
            "the new pod template has not been seen yet",
        ),
    ],
)
def test_a_rollout_is_over_when_every_pod_is_new_and_available(state, waits_for):
    assert unfinished(state, 2) == waits_for


def test_the_pod_template_is_patched_and_the_rollout_awaited(tmp_path):
    states = [deployment(observed=1), deployment(updated=1), deployment(total=3), deployment()]

    def answer(method, path, headers, body):
        if method == "PATCH":
            assert headers["Content-Type"] == "application/merge-patch+json"
            return 200, deployment(observed=1)
        return 200, states.pop(0)

    place = "/apis/apps/v1/namespaces/models/deployments/genesis"
    with Answering(answer) as api:
        KubernetesDeployer(
            settings(kind="kubernetes", kubernetes=api.url + place, timeout=60), Store(tmp_path), "shop"
        ).deploy(CHAMPION)
    assert api.asked[0] == (
        "PATCH",
        place,
        {
            "spec": {
                "template": {
                    "metadata": {
                        "annotations": {
                            "autodidact/version": "c1-0123456789ab",
                            "autodidact/adapter": f"{tmp_path}/shop/cycles/c1/training/adapter",
                        }
                    }
                }
            }
        },
    )
    assert [method for method, _, _ in api.asked[1:]] == ["GET"] * 4


def test_a_rollout_that_kubernetes_gives_up_or_refuses_is_a_sentence(tmp_path):
    gave_up = deployment(
        updated=1,
        conditions=[{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}],
    )
    with Answering(lambda method, *_: (200, gave_up)) as api:
        deployer = KubernetesDeployer(
            settings(kind="kubernetes", kubernetes=f"{api.url}/x"), Store(tmp_path), "shop"
        )
        with pytest.raises(AutodidactError, match="the rollout was given up: ProgressDeadlineExceeded"):
            deployer.deploy(CHAMPION)
    with Answering(lambda *_: (403, {"kind": "Status", "message": "deployments.apps is forbidden"})) as api:
        deployer = KubernetesDeployer(
            settings(kind="kubernetes", kubernetes=f"{api.url}/x"), Store(tmp_path), "shop"
        )
        with pytest.raises(
            AutodidactError,
            match="status 403: deployments.apps is forbidden. Its service account needs get and patch",
        ):
            deployer.deploy(CHAMPION)
    with Answering(lambda *_: (503, {"kind": "Status", "message": "etcd is away"})) as api:
        deployer = KubernetesDeployer(
            settings(kind="kubernetes", kubernetes=f"{api.url}/x"), Store(tmp_path), "shop"
        )
        with pytest.raises(Unavailable, match="status 503: etcd is away. Try again later."):
            deployer.deploy(CHAMPION)
    with Answering(lambda method, *_: (200, deployment(updated=0))) as api:
        deployer = KubernetesDeployer(
            settings(kind="kubernetes", kubernetes=f"{api.url}/x", timeout=0.2), Store(tmp_path), "shop"
        )
        with pytest.raises(
            AutodidactError,
            match="the rollout of c1-0123456789ab did not end within 0.2 s: 0 of 2 pods are new",
        ):
            deployer.deploy(CHAMPION)


def test_a_deployment_must_be_named_and_reachable(tmp_path, monkeypatch):
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    for named, complaint in (
        ("", "names no Deployment"),
        ("genesis", "names no Deployment"),
        ("models/genesis", "this is no pod of a cluster"),
    ):
        with pytest.raises(AutodidactError, match=complaint):
            KubernetesDeployer(settings(kind="kubernetes", kubernetes=named), Store(tmp_path), "shop")
