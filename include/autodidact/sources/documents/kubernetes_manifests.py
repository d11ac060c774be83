"""Kubernetes manifests: workloads, services and ingresses, and who leads to whom. Values of the environment
and of secrets are not read. What is not read is noted (`sources/unread.py`): `workloads`, and
`needs/Deployment/shop` of a patch, which is put on a manifest elsewhere.
"""

from dataclasses import dataclass, field
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.table_files import load_each_yaml
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod")
# Of one file.
MAX_RESOURCES = 500
# What kustomize reads; no resources of the cluster.
_BUILD = ("Kustomization", "Component")


@dataclass(frozen=True)
class Workload:
    kind: str
    name: str
    namespace: str = ""
    replicas: int | None = None
    # Container -> image.
    images: dict[str, str] = field(default_factory=dict)
    # Name of the port, or its number -> number.
    ports: dict[str, int] = field(default_factory=dict)
    # Of its pods.
    labels: dict[str, str] = field(default_factory=dict)
    # "ConfigMap settings", "Secret token", "PersistentVolumeClaim data".
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    name: str
    type: str = "ClusterIP"
    # (port, target port or its name).
    ports: tuple[tuple[int, str], ...] = ()
    selector: dict[str, str] = field(default_factory=dict)
    namespace: str = ""
    # Of its ports, each once.
    protocols: tuple[str, ...] = ("TCP",)


@dataclass(frozen=True)
class Route:
    """A rule of an Ingress: what answers at host and path."""

    ingress: str
    host: str
    path: str
    service: str
    port: str


@dataclass
class Cluster:
    workloads: list[Workload] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread, compare=False)

    def behind(self, service: Service) -> list[Workload]:
        """The workloads whose pods a service selects."""
        chosen = service.selector.items()
        found = [w for w in self.workloads if chosen and chosen <= w.labels.items()]
        # Without a namespace a resource goes where the others go.
        return [w for w in found if service.namespace in ("", w.namespace) or not w.namespace]


def manifests(text: str, ref: str, troubles: Troubles) -> Cluster:
    """The resources of a file of manifests. One without kind or name is counted, and so is a document that
    cannot be parsed; kinds beyond workloads, services and ingresses are passed over.
    """
    unread = Unread(troubles)
    found = Cluster(unread=unread)
    waiting = list(load_each_yaml(text, ref, unread.counting("workloads")))
    number = 0
    while waiting:
        body = waiting.pop(0)
        number += 1
        if number > MAX_RESOURCES:
            unread.add("workloads", "resources beyond the limit", ref)
            break
        if body is None or (isinstance(body, dict) and body.get("kind") in _BUILD):
            continue
        kind, name = (
            (body.get("kind"), _get(body, "metadata", "name")) if isinstance(body, dict) else (None, None)
        )
        if kind == "List" and isinstance(body.get("items"), list):
            waiting += body["items"][:MAX_RESOURCES]
        elif not isinstance(kind, str) or not isinstance(name, str) or _undecided(name):
            unread.add("workloads", "not a resource", ref)
        elif kind in WORKLOADS:
            found.workloads.append(_workload(kind, name, body, unread, ref))
        elif kind == "Service":
            found.services.append(_service(name, body))
        elif kind == "Ingress":
            for route in _routes(name, body):
                if any(map(_undecided, (route.host, route.path, route.service, route.port))):
                    unread.add("workloads", "a name that a template or a variable gives", ref)
                else:
                    found.routes.append(route)
    return found


def _service(name: str, body: dict) -> Service:
    ports = tuple(
        (port["port"], str(port.get("targetPort", port["port"])))
        for port in dicts_of(_get(body, "spec", "ports"))
        if isinstance(port.get("port"), int)
    )
    return Service(
        name,
        str(_get(body, "spec", "type") or "ClusterIP"),
        ports,
        _texts(_get(body, "spec", "selector")),
        str(_get(body, "metadata", "namespace") or ""),
        tuple({str(port.get("protocol", "TCP")): None for port in dicts_of(_get(body, "spec", "ports"))}),
    )


def _workload(kind: str, name: str, body: dict, unread: Unread, ref: str) -> Workload:
    spec = _get(body, "spec", "jobTemplate", "spec") if kind == "CronJob" else body.get("spec")
    pod = body if kind == "Pod" else _get(spec, "template")
    inner = _get(pod, "spec")
    containers = dicts_of(_get(inner, "containers"))
    if not containers or not all(isinstance(one.get("image"), str) for one in containers):
        unread.add(f"needs/{kind}/{name}", "a part of a workload, put on one elsewhere", ref)
    images: dict[str, str] = {}
    ports: dict[str, int] = {}
    for container in containers:
        if isinstance(container.get("name"), str) and isinstance(container.get("image"), str):
            image = container["image"]
            images |= {} if _undecided(image) else {container["name"]: image}
        for port in dicts_of(container.get("ports")):
            if isinstance(port.get("containerPort"), int):
                key = str(port.get("name") or port["containerPort"])
                ports[key if key not in ports else f"{container.get('name')}.{key}"] = port["containerPort"]
    needs = _needs(inner)
    if any(map(_undecided, needs)):
        unread.add(f"needs/{kind}/{name}", "a name that a template or a variable gives", ref)
        needs = [need for need in needs if not _undecided(need)]
    replicas = _get(spec, "replicas")
    return Workload(
        kind,
        name,
        str(_get(body, "metadata", "namespace") or ""),
        replicas if type(replicas) is int else None,
        images,
        ports,
        _texts(_get(pod, "metadata", "labels")),
        tuple(sorted({need for need in needs if not need.endswith(" None")})),
    )


def _needs(inner: Any) -> list[str]:
    """What the pods of a workload name: ConfigMaps, Secrets and claims of all containers and volumes."""
    needs = [f"Secret {_get(one, 'name')}" for one in dicts_of(_get(inner, "imagePullSecrets"))]
    every = (*dicts_of(_get(inner, "initContainers")), *dicts_of(_get(inner, "containers")))
    for container in every:
        for one in dicts_of(container.get("env")):
            needs += [
                f"ConfigMap {_get(one, 'valueFrom', 'configMapKeyRef', 'name')}",
                f"Secret {_get(one, 'valueFrom', 'secretKeyRef', 'name')}",
            ]
        for one in dicts_of(container.get("envFrom")):
            needs += [
                f"ConfigMap {_get(one, 'configMapRef', 'name')}",
                f"Secret {_get(one, 'secretRef', 'name')}",
            ]
    for volume in dicts_of(_get(inner, "volumes")):
        needs += [
            f"ConfigMap {_get(volume, 'configMap', 'name')}",
            f"Secret {_get(volume, 'secret', 'secretName')}",
            f"Secret {_get(volume, 'csi', 'nodePublishSecretRef', 'name')}",
            f"PersistentVolumeClaim {_get(volume, 'persistentVolumeClaim', 'claimName')}",
        ]
        for source in dicts_of(_get(volume, "projected", "sources")):
            needs += [
                f"ConfigMap {_get(source, 'configMap', 'name')}",
                f"Secret {_get(source, 'secret', 'name')}",
            ]
    return needs


def _routes(name: str, body: dict) -> list[Route]:
    found = []
    for rule in dicts_of(_get(body, "spec", "rules")):
        for path in dicts_of(_get(rule, "http", "paths")):
            backend = path.get("backend")
            service = _get(backend, "service", "name") or _get(backend, "serviceName")
            port = (
                _get(backend, "service", "port", "number")
                or _get(backend, "service", "port", "name")
                or _get(backend, "servicePort")
            )
            if isinstance(service, str):
                found.append(
                    Route(
                        name,
                        str(rule.get("host") or ""),
                        str(path.get("path") or "/"),
                        service,
                        str(port or ""),
                    )
                )
    return found


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(value: Any) -> dict[str, str]:
    """Labels or a selector; none at all where a part of it is not decided here."""
    found = {key: str(item) for key, item in dict_of(value).items()}
    return {} if any(map(_undecided, found.values())) else found


def _undecided(text: str) -> bool:
    """Whether a variable or a template gives a part of a text."""
    return "$" in text or "{{" in text or "{%" in text
