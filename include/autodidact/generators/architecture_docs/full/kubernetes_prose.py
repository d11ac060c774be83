"""Workloads of Kubernetes manifests in prose: what is deployed, who knows whose address."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from autodidact.generators.architecture_docs.full.addresses_in_values import advertises
from autodidact.generators.architecture_docs.full.addresses_in_values import names as names_host
from autodidact.generators.architecture_docs.full.docker_compose_prose import MOST
from autodidact.generators.architecture_docs.full.manifests_of_one_folder import Folder
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.writing.facts_into_words import capital, code, listing
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.kubernetes_manifests import Service, Workload
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.json_of_expected_type import dict_of, dicts_of


class ClusterRows:
    """The rows of one folder of manifests. `shared`: names that other folders have, too."""

    def __init__(self, folder: Folder, shapes: Pair, shared: Collection[str] = ()):
        self.folder, self.shapes, self.shared = folder, shapes, shared
        self.named = folder.path or "the top folder"
        self.graph = Graph(
            Triple(name, "knows", wire.host) for name, wires in folder.wires.items() for wire in wires
        )

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) for every workload and Service whose name is there once."""
        for name, work in sorted(self.folder.workloads.items()):
            if name in self.folder.twice:
                continue
            yield "cluster", self._row("brief", "plain", name, self.brief(work), kind=work.kind)
            yield "cluster wired", self._row("wired", "list", name, self._wired(name))
            yield "cluster probe", self._row("probe", "plain", name, self._probes(name))
            yield "cluster probe", self._row("resources", "plain", name, self._resources(name))
        for name, service in sorted(self.folder.services.items()):
            yield "cluster down", self._row("down", "plain", name, self._down(name))
            yield "cluster port", self._row("port", "plain", name, self._port(service))
        yield from self._needs()

    def _row(self, kind: str, say: str, s: str, body: str, /, **fields: str) -> Row:
        # A port is the Service's, which may lie in another file than the workload of its name.
        names = (f"service {s}", s) if kind == "port" else (s, f"service {s}")
        homes = [self.folder.homes[name] for name in names if name in self.folder.homes]
        home = homes[0] if homes else next(iter(self.folder.homes.values()))
        path = home.path if kind in ("brief", "probe", "resources", "port") else self.named
        fields = {"s": f"`{s}`", "n": s, "path": path} | fields
        asked = fields
        if s in self.shared or kind == "needs":
            asked = fields | {"path": "", "s": f"`{s}` (in `{self.named}`)"}
            asked |= {"need": f"{fields['need']} (in `{self.named}`)"} if "need" in fields else {}
        ask = self.shapes.ask.draw(kind, **asked)
        answer = capital(self.shapes.say.draw(say, body=body, **fields)) if body else ""
        source = home.source | {"asks": [f"cluster {kind}", s]}
        return Row(ask, answer, source, home.fresh, self.folder.path)

    def brief(self, work: Workload) -> str:
        """Image, Service and needs in sentences."""
        if len(work.images) != 1:
            return ""
        (image,) = work.images.values()
        tag, _, digest = image.partition("@sha256:")
        text = f"the {work.kind} `{work.name}` runs the image `{tag}`{', pinned by digest' if digest else ''}"
        if work.replicas is not None:
            text += f", in {work.replicas} {'replica' if work.replicas == 1 else 'replicas'}"
        sentences = [f"{text}."]
        service = next((s for s in self.folder.services.values() if self._behind(s) == [work.name]), None)
        # The Service is asked for, too.
        if not service or len(service.ports) != 1:
            return ""
        port, target = service.ports[0]
        word = "load balancer" if service.type == "LoadBalancer" else "Service"
        there = target if target.isdecimal() else f"the port `{target}`"
        onward = f" and forwards it to {there} of the pods" if target != str(port) else ""
        there, here = (self.folder.homes[n].path for n in (f"service {service.name}", work.name))
        file = f" (`{there}`)" if there != here else ""
        sentences.append(f"The {word} `{service.name}`{file} offers it on port {port}{onward}.")
        if work.needs and len(work.needs) <= MOST and self.folder.whole:
            sentences.append(f"Its pods refer to {_need(work.needs)}.")
        return " ".join(sentences)

    def _behind(self, service: Service) -> list[str]:
        chosen = service.selector.items()
        return [w.name for w in self.folder.workloads.values() if chosen and chosen <= w.labels.items()]

    def _wired(self, name: str) -> str:
        wires = self.folder.wires[name]
        if not wires or len(wires) > MOST:
            return ""
        lines = [
            f"- `{wire.key}`: `{wire.host}`{f', port {wire.port}' if wire.port else ''} (from {wire.where})"
            for wire in sorted(wires)
        ]
        return f"`{name}` is given these addresses:\n\n" + "\n".join(lines)

    def _down(self, name: str) -> str:
        known = [w for w in self.graph.back(name, "knows") if w not in self.folder.twice]
        if not known or len(known) > MOST or self._told_otherwise(name, known):
            return ""
        given = {
            work: sorted({(w.where, w.key) for w in self.folder.wires[work] if w.host == name})
            for work in known
        }
        sources = {one for each in given.values() for one in each}
        if len(sources) == 1:
            ((where, key),) = sources
            word = "is" if len(known) == 1 else "are"
            return f"{code(known)} {word} given the address of `{name}`, as `{key}` from {where}."
        # All of its variables, or none.
        if sum(map(len, given.values())) > MOST:
            return ""
        listed = listing(f"`{work}` ({_variables(each)})" for work, each in given.items())
        return f"the address of `{name}` is given to {listed}."

    def _told_otherwise(self, name: str, known: Collection[str]) -> bool:
        """Whether a workload beyond the `known` ones names a Service in its command or arguments."""
        return any(
            names_host(str(word), name)
            for work, body in self.folder.bodies.items()
            if work != name and work not in known
            for key in ("initContainers", "containers")
            for container in dicts_of(dict_of(body).get(key))
            for part in ("command", "args")
            for word in container.get(part) or ()
        )

    def _port(self, service: Service) -> str:
        behind = self._behind(service)
        if len(service.ports) != 1 or len(behind) != 1:
            return ""
        (work,) = behind
        images = " ".join(self.folder.workloads[work].images.values())
        # Other types have a way in of their own.
        if service.type != "ClusterIP" or service.protocols != ("TCP",):
            return ""
        if self.folder.kustomized and not service.namespace:
            return ""
        if advertises(images, self.folder.bodies.get(work)):
            return ""
        port, target = service.ports[0]
        there = f"port {target}" if target.isdecimal() else f"the port `{target}`"
        where = f"{there} of the pods of `{work}`"
        local = port if port > 1023 else port + 8000
        space = f"-n {service.namespace} " if service.namespace else ""
        command = f"kubectl {space}port-forward service/{service.name} {local}:{port}"
        # The name resolves in the cluster alone, and without its namespace in that of the Service alone.
        inside = "within the cluster, from pods of the same namespace"
        text = f"{inside}, call `{service.name}:{port}`; the Service hands it to {where}. From your machine:"
        return f"{text}\n\n```bash\n{command}\n```\n\nThen it answers on `localhost:{local}`."

    def _probes(self, name: str) -> str:
        containers = dicts_of(dict_of(self.folder.bodies.get(name)).get("containers"))
        named = []
        # Asked is what makes it ready: a liveness probe does not.
        ready = len(containers) == 1 and containers[0].get("readinessProbe")
        for container in containers if ready else ():
            for key, word in (
                ("readinessProbe", "readiness"),
                ("livenessProbe", "liveness"),
                ("startupProbe", "startup"),
            ):
                if not container.get(key):
                    continue
                if not (what := _probe(dict_of(container[key]))):
                    return ""
                named.append(f"the {word} probe {what}")
        return f"for `{name}`, {'; '.join(named)}." if named else ""

    def _resources(self, name: str) -> str:
        containers = dicts_of(dict_of(self.folder.bodies.get(name)).get("containers"))
        if len(containers) != 1:
            return ""
        given = dict_of(containers[0].get("resources"))
        named = []
        for key, word in (("requests", "requests"), ("limits", "is limited to")):
            values = dict_of(given.get(key))
            parts = [
                f"{values[k]} of {w}" for k, w in (("cpu", "CPU"), ("memory", "memory")) if values.get(k)
            ]
            if parts:
                named.append(f"{word} {listing(parts)}")
        if len(named) != 2:
            return ""
        end = " A container that goes beyond its memory limit is killed." if "memory" in named[1] else ""
        text = f"each pod of `{name}` {listing(named)}.{end}"
        replicas = self.folder.workloads[name].replicas
        return f"{text} The manifest asks for {replicas} replicas." if (replicas or 0) > 1 else text

    def _needs(self) -> Iterator[tuple[str, Row]]:
        """Who uses a ConfigMap, a Secret or a claim."""
        users: dict[str, list[str]] = defaultdict(list)
        for name, work in sorted(self.folder.workloads.items()):
            for need in work.needs:
                users[need].append(name)
        for need, names in sorted(users.items()):
            # Kubernetes puts this one into each namespace.
            if need == "ConfigMap kube-root-ca.crt":
                continue
            if len(names) > 12 or not self.folder.whole or self.folder.twice & set(names):
                continue
            kind, _, plain = need.partition(" ")
            known = kind == "ConfigMap" and plain in self.folder.maps
            home = f" It is defined in `{self.folder.maps[plain][1].path}`." if known else ""
            verb = "refers" if len(names) == 1 else "refer"
            body = f"{code(names)} {verb} to {_need([need])}.{home}"
            row = self._row("needs", "list", names[0], body, need=_need([need]), path=self.named)
            yield "cluster needs", row


def _variables(given: Sequence[tuple[str, str]]) -> str:
    """`A` and `B`, from its own environment: of (where, variable) pairs."""
    keys: dict[str, list[str]] = defaultdict(list)
    for where, key in given:
        keys[where].append(key)
    return "; ".join(f"{code(names)}, from {where}" for where, names in keys.items())


def _need(needs: Sequence[str]) -> str:
    """`the ConfigMaps `a` and `b` and the Secret `c``."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for need in needs:
        kind, _, name = need.partition(" ")
        kinds["volume claim" if kind == "PersistentVolumeClaim" else kind].append(name)
    return listing(
        f"the {kind}{'s' if len(names) > 1 else ''} {code(names)}" for kind, names in kinds.items()
    )


def _port_of(port: object) -> str:
    """`port 8080`, or of one that the container names, "the port `http`"."""
    return f"port {port}" if str(port).isdecimal() else f"the port `{port}`"


def _probe(probe: dict) -> str:
    """What a probe does: `asks for `/ready` on port 8080, every 5 s`."""
    http, tcp = dict_of(probe.get("httpGet")), dict_of(probe.get("tcpSocket"))
    command = dict_of(probe.get("exec")).get("command")
    if http.get("path") and http.get("port"):
        text = f"asks for `{http['path']}` on {_port_of(http['port'])}"
    elif tcp.get("port"):
        text = f"opens {_port_of(tcp['port'])}"
    elif isinstance(command, list) and command and len(" ".join(map(str, command))) < 100:
        text = f"runs `{' '.join(map(str, command))}`"
        if re.search(r"[\n`$]|pass", text.replace("`", "", 2), re.IGNORECASE):
            return ""
    elif dict_of(probe.get("grpc")).get("port"):
        text = f"calls the gRPC health service on port {probe['grpc']['port']}"
    else:
        return ""
    every = probe.get("periodSeconds")
    first = probe.get("initialDelaySeconds")
    text += f" every {every} seconds" if isinstance(every, int) else ""
    return text + (f", first after {first} seconds" if isinstance(first, int) else "")
