"""A stage as a pod: `autodidact STAGE --cycle ID` on the store, and nothing else. Plain data, as Kubernetes
reads it.
"""

import json
from typing import Any

from autodidact.safe_text import address
from autodidact.settings import Settings
from autodidact.training.worker import GRACE_SECONDS

# The name that Airflow's operator gives its container.
CONTAINER = "base"


def command(stage: str, system: str, cycle_id: str) -> list[str]:
    """The command that does a stage of a cycle, wherever the store can be reached."""
    return [
        "autodidact",
        stage.replace("_", "-"),
        "--cycle",
        cycle_id,
        "--set",
        f"system={json.dumps(system)}",
    ]


def pod(settings: Settings, stage: str, system: str, cycle_id: str) -> dict[str, Any]:
    """The pod that does a stage. It reads addresses and keys from the Secrets of `training.pod.secrets`; none
    is written into it.
    """
    options = settings.training.pod
    environment = {"AUTODIDACT_STORE": settings.store} if address(settings.store) == settings.store else {}
    environment |= options.env
    limits = ({options.gpu: str(options.gpus)} if options.gpus else {}) | options.limits
    container = {
        "name": CONTAINER,
        "image": options.image,
        "command": command(stage, system, cycle_id),
        "env": [{"name": name, "value": value} for name, value in sorted(environment.items())],
        "envFrom": [{"secretRef": {"name": name}} for name in options.secrets],
        "resources": {"limits": limits, "requests": options.requests},
        "volumeMounts": options.mounts,
    }
    spec = {
        "restartPolicy": "Never",  # Airflow tries again, on whichever node
        "terminationGracePeriodSeconds": GRACE_SECONDS
        + 30,  # the update under way, its save, and the upload of the checkpoint
        "containers": [container],
        "nodeSelector": options.node_selector,
        "tolerations": options.tolerations,
        "volumes": options.volumes,
        "imagePullSecrets": [{"name": name} for name in options.pull_secrets],
    }
    if options.service_account:
        spec["serviceAccountName"] = options.service_account
    metadata: dict[str, Any] = {
        "labels": {"app.kubernetes.io/name": "autodidact", "app.kubernetes.io/component": stage}
    }
    if options.namespace:
        metadata["namespace"] = options.namespace
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
