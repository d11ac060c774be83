"""`training.pod`: what a pod that trains or measures is given, in the words of Kubernetes."""

from typing import Any

from pydantic import Field

from autodidact.settings.types import Section


class Pod(Section):
    image: str = Field(
        "autodidact:0.1.0", description="the project's Dockerfile, built with TORCH=registry for a GPU"
    )
    namespace: str | None = Field(
        None, description="null: that of Airflow's connection, or of Airflow itself"
    )
    gpus: int = Field(1, ge=0, description="how many `gpu` the container gets; 0: none")
    gpu: str = Field("nvidia.com/gpu", description="name of the resource")
    requests: dict[str, str] = Field(
        {}, description='what is set aside, for example {"cpu": "4", "memory": "32Gi"}'
    )
    limits: dict[str, str] = Field({}, description="other limits than the GPU's, for example memory")
    node_selector: dict[str, str] = Field({}, description="labels that a node must have")
    tolerations: list[dict[str, Any]] = Field(
        [], description="taints that are tolerated, as Kubernetes writes them"
    )
    volumes: list[dict[str, Any]] = Field(
        [], description="as in a pod's specification; a store that is a folder is one of them"
    )
    mounts: list[dict[str, Any]] = Field([], description="as in a container's volumeMounts")
    env: dict[str, str] = Field(
        {},
        description="variables for all to see; AUTODIDACT_STORE is added where its address holds no password",
    )
    secrets: list[str] = Field(
        [], description="Kubernetes Secrets whose keys become variables: addresses, keys, cloud credentials"
    )
    service_account: str | None = Field(None, description="null: the namespace's default")
    pull_secrets: list[str] = Field([], description="Secrets to pull the image with")
