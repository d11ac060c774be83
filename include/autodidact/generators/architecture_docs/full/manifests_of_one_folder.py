"""Manifests that lie in one folder, read together: a Service, the Deployment behind it and the ConfigMap with
the addresses are usually files of their own. Of values of the environment only addresses of Services of the
same folder are read.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autodidact.generators.architecture_docs.full.addresses_in_values import addresses
from autodidact.sources.documents.kubernetes_manifests import WORKLOADS, Cluster, Service, Workload
from autodidact.sources.documents.reader import Document
from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.table_files import load_each_yaml
from autodidact.stage import Troubles

# Documents of one folder that are read together.
MAX_FILES = 60


# How the name of a Service goes on in the cluster's DNS.
_SUFFIX = r"(?:\.[a-z0-9-]+)?\.svc(?:\.cluster\.local)?\.?"


class Wire(NamedTuple):
    """A variable that holds the address of a Service, and `where` it is set."""

    key: str
    host: str
    port: str
    where: str


@dataclass
class Folder:
    """The manifests of one folder. `wires`: workload -> (variable, Service, port, where the value is);
    `bodies`: workload -> its pod's specification; `homes`: workload or Service -> its document.
    """

    path: str
    workloads: dict[str, Workload] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    homes: dict[str, Document] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    maps: dict[str, tuple[dict[str, str], Document]] = field(default_factory=dict)
    wires: dict[str, list[Wire]] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    whole: bool = True
    # Whether kustomize builds it: what that is built into may name another namespace.
    kustomized: bool = False


def folders(read: Sequence[tuple[Document, Cluster]]) -> Iterator[Folder]:
    """The folders with workloads in them."""
    groups: dict[str, list[tuple[Document, Cluster]]] = defaultdict(list)
    for document, found in read:
        groups[document.path.rpartition("/")[0]].append((document, found))
    for path, members in sorted(groups.items()):
        if len(members) > MAX_FILES:
            continue
        folder = Folder(path)
        for document, found in members:
            _add(folder, document, found)
        _wire(folder)
        if folder.workloads:
            yield folder


def _add(folder: Folder, document: Document, found: Cluster) -> None:
    folder.whole = folder.whole and found.unread.whole("workloads", "needs")
    for work in found.workloads:
        if work.name in folder.workloads or not work.images:
            folder.twice.add(work.name)
        folder.workloads[work.name], folder.homes[work.name] = work, document
    for service in found.services:
        folder.services[service.name] = service
        folder.homes.setdefault(f"service {service.name}", document)
    for body in load_each_yaml(document.text, document.path, Troubles()):
        kind, name = dict_of(body).get("kind"), dict_of(dict_of(body).get("metadata")).get("name")
        folder.kustomized |= kind == "Kustomization"
        if kind == "ConfigMap" and isinstance(name, str):
            data = {str(k): v for k, v in dict_of(body.get("data")).items() if isinstance(v, str)}
            folder.maps[name] = data, document
        elif isinstance(name, str) and kind in WORKLOADS:
            spec = dict_of(dict_of(body).get("spec"))
            if kind == "CronJob":
                spec = dict_of(dict_of(spec.get("jobTemplate")).get("spec"))
            pod = spec if kind == "Pod" else dict_of(dict_of(spec.get("template")).get("spec"))
            folder.bodies.setdefault(name, pod)


def _wire(folder: Folder) -> None:
    """Finds which workload is given which Service's address."""
    hosts = set(folder.services)
    for name in folder.workloads:
        wires: dict[tuple[str, str], Wire] = {}
        for container in dicts_of(dict_of(folder.bodies.get(name)).get("containers")):
            own = {
                str(e.get("name")): e["value"]
                for e in dicts_of(container.get("env"))
                if isinstance(e.get("value"), str)
            }
            for variable, named, value in _of_maps(container, folder):
                for one in addresses({variable: value}, hosts, _SUFFIX):
                    wires[one.variable, one.host] = Wire(*one, f"the ConfigMap `{named}`")
            for one in addresses(own, hosts, _SUFFIX):
                wires[one.variable, one.host] = Wire(*one, "its own environment")
            for given in dicts_of(container.get("envFrom")):
                source, prefix = dict_of(given.get("configMapRef")).get("name"), given.get("prefix")
                if isinstance(source, str) and source in folder.maps and not prefix:
                    values = {k: v for k, v in folder.maps[source][0].items() if k not in own}
                    for one in addresses(values, hosts, _SUFFIX):
                        wires.setdefault(one[:2], Wire(*one, f"the ConfigMap `{source}`"))
        folder.wires[name] = [wire for wire in wires.values() if wire.host != name]


def _of_maps(container: dict, folder: Folder) -> Iterator[tuple[str, str, str]]:
    """(variable, ConfigMap, value) of the variables that take one key of a ConfigMap of the folder."""
    for one in dicts_of(container.get("env")):
        given = dict_of(dict_of(one.get("valueFrom")).get("configMapKeyRef"))
        named, key = given.get("name"), given.get("key")
        if isinstance(named, str) and named in folder.maps and key in folder.maps[named][0]:
            yield str(one.get("name")), named, folder.maps[named][0][key]
