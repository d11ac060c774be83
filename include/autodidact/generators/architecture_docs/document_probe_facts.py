"""Which facts of documents the knowledge probe asks about: those with one short right answer."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from autodidact.errors import AutodidactError
from autodidact.generators.architecture_docs.known_ports import known_port
from autodidact.generators.architecture_docs.text_and_table_questions import Titles, at, title
from autodidact.generators.writing.probe_questions import CONFUSED, ProbeFact, read_wordings
from autodidact.knowledge.fact import Fact
from autodidact.shipped_tables import read_table
from autodidact.sources.documents.compose import Composition
from autodidact.sources.documents.kubernetes_manifests import Cluster
from autodidact.sources.documents.openapi import Api
from autodidact.sources.documents.reader import Document, Prose, decoded
from autodidact.sources.git.repository import Entry, Repository
from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import load_each_yaml, load_yaml
from autodidact.stage import Troubles

WORDINGS = read_wordings(read_table(__file__)["probe"])


def gone(facts: list[tuple[Document, Any]], snapshot: Snapshot) -> Callable[[Fact], bool]:
    """Tells of a fact of an earlier cycle whether its document is no longer in the repository, or was read
    and does not have its subject any more.
    """
    repository = snapshot.repository
    committed = {entry.path for entry in repository.files(vendored=True)} if repository else set()
    by_path = {document.source["ref"]: (document, parsed) for document, parsed in facts}

    def is_gone(fact: Fact) -> bool:
        path = (fact.source.model_extra or {}).get("path")
        if repository and path and path not in committed:
            return True
        document, parsed = by_path.get(path or fact.source.ref.partition("#")[0], (None, None))
        if document is None or not fact.kind.startswith(_DOCUMENTS.get(document.kind, "-")):
            return False
        return fact.subject not in _subjects(document, parsed)

    return is_gone


# Files of Skaffold and kustomize, which put other images in the place of those that manifests name.
_REPLACING = ("skaffold.yaml", "skaffold.yml", "kustomization.yaml", "kustomization.yml")
# What the kinds of facts of a document begin with, by the document's kind.
_DOCUMENTS = {"compose": "compose_", "kubernetes": "kubernetes_", "openapi": "operation", "prose": "section"}


def _subjects(document: Document, parsed: Any) -> Container[str]:
    """The subjects of which a document may say something; all there are where a part of it is not read."""
    if document.kind == "prose":
        return {title(section) for section in parsed.sections}
    things = {"compose": "services", "kubernetes": "workloads", "openapi": "operations"}[document.kind]
    if not parsed.unread.whole(things):
        return _All()
    names = (thing.id if things == "operations" else thing.name for thing in getattr(parsed, things))
    return {f"{name} ({document.name})" for name in names}


class _All(Container[str]):
    """What is not known to leave anything out."""

    def __contains__(self, thing: object) -> bool:
        return True


# A heading that is no words.
_PATH = re.compile(r"[\w.~-]*/[\w./-]*")


def _numbers_of(document: Document) -> dict[str, set[str]]:
    """Service -> the numbers that stand in its block: none of them is plainly wrong of it."""
    body = dict_of(load_yaml(document.text, document.path, Troubles()))
    return {
        name: set(re.findall(r"\d+", str(block))) for name, block in dict_of(body.get("services")).items()
    }


def placeholders(snapshot: Snapshot) -> set[str]:
    """The images that Skaffold builds or kustomize replaces, without tags: others run in their place."""
    repository = snapshot.repository
    found: set[str] = set()
    for entry in repository.files(_REPLACING) if repository else ():
        for body in load_each_yaml(_text(repository, entry), entry.path, Troubles()):
            for artifact in dicts_of(dict_of(dict_of(body).get("build")).get("artifacts")):
                found.add(_untagged(str(artifact.get("image"))))
            found.update(str(image.get("name")) for image in dicts_of(dict_of(body).get("images")))
    return found


def _untagged(image: str) -> str:
    return re.sub(r"(?::[\w.-]+)?(?:@sha256:\w+)?\Z", "", image)


def _text(repository: Repository | None, entry: Entry) -> str:
    try:
        return decoded(repository.read(entry.blob)) or "" if repository else ""
    except AutodidactError:
        return ""


class Facts:
    """Facts are added document by document; `questions` wants them as a whole, with the other answers of each
    kind.
    """

    def __init__(self, placeholders: Container[str] = ()) -> None:
        """`placeholders`: images whose names a tool replaces when it deploys."""
        self.placeholders = placeholders
        self._found: list[tuple[str, str, str, dict, bool]] = []
        # Subject of a port -> the numbers that stand in the service's own block.
        self._own: dict[str, set[str]] = {}
        # Images that some Compose file builds: nobody pulls them.
        self._built: set[str] = set()

    def add(self, kind: str, subject: str, value: str, source: dict, fresh: bool) -> None:
        if value:
            self._found.append((kind, subject, value, source, fresh))

    def compose(self, found: Composition, document: Document, fresh: bool) -> None:
        numbers = _numbers_of(document)
        for service in found.services:
            subject = f"{service.name} ({document.name})"
            if service.local:
                self._built.add(service.image.text)
            self._own[subject] = numbers.get(service.name, set())
            if len(service.ports) == 1 and not service.ports[0].unless and service.ports[0].protocol == "tcp":
                (port,) = service.ports
                source = document.source | {"asks": ["port", service.name]}
                source |= {"entry": port.entry, "inside": port.inside} if port.inside else {}
                if serves := known_port(service.image.text, port):
                    source["serves"] = serves
                host = found.unread.closed(port.host, f"ports/{service.name}")
                if not port.address or port.local:
                    self.add("compose_port", subject, host, source, fresh)
            if not service.local and not service.image.unless:
                source = document.source | {"asks": ["image", service.name]}
                self.add("compose_image", subject, service.image.text, source, fresh)

    def kubernetes(self, found: Cluster, document: Document, fresh: bool) -> None:
        for work in found.workloads:
            if len(work.images) == 1:
                ((container, image),) = work.images.items()
                # The name alone of an image that a tool builds and tags is no image that anybody can pull.
                if _untagged(image) in self.placeholders:
                    continue
                source = document.source | {"asks": ["image", work.kind, work.name, container]}
                self.add("kubernetes_image", f"{work.name} ({document.name})", image, source, fresh)

    def openapi(self, api: Api, document: Document, fresh: bool) -> None:
        ids = Counter(operation.id for operation in api.operations)
        # What a request has before the path: one of all servers, or nothing that is known.
        bases = sorted({urlsplit(server).path.rstrip("/") for server in api.servers})
        for operation in api.operations:
            # Nobody is sent to what is to be given up.
            if operation.id and ids[operation.id] == 1 and not operation.deprecated:
                source = document.source | {"asks": ["operation", operation.id]}
                if len(bases) == 1:
                    source["request"] = f"{operation.method} {bases[0]}{operation.path}"
                subject = f"{operation.id} ({document.name})"
                self.add("operation", subject, operation.name, source, fresh)

    def sections(self, found: Prose, document: Document, titles: Titles, fresh: bool) -> None:
        names = Counter(title(section).lower() for section in found.sections)
        for section in found.sections:
            if (
                titles.alone(section, document)
                and names[title(section).lower()] == 1
                and document.path.lower() not in title(section).lower()
                and not _PATH.fullmatch(title(section))
            ):
                self.add(
                    "section",
                    title(section),
                    document.path,
                    at(document, section, "where", section.title),
                    fresh,
                )

    def outside(self) -> dict[str, str]:
        """`kind/subject` to value of the facts of documents that no repository has."""
        outside = (fact for fact in self._found if fact[3]["kind"] != "git")
        return {f"{kind}/{subject}": value for kind, subject, value, *_ in outside}

    def all(self, old: "Facts | None" = None) -> Iterator[ProbeFact]:
        """Every fact. `old`: what the champion's commit had of the same documents; a fact that is in it is
        not fresh.
        """
        known = {(kind, subject, value) for kind, subject, value, *_ in old._found} if old else set()
        values: dict[str, Counter] = {}
        for kind, _, value, *_ in self._found:
            values.setdefault(kind, Counter())[value] += 1
        ordered = {
            kind: sorted(counts, key=lambda value: (-counts[value], value)) for kind, counts in values.items()
        }
        count = Counter((kind, subject) for kind, subject, *_ in self._found)
        for kind, subject, value, source, fresh in self._found:
            if count[kind, subject] > 1 or len(values[kind]) < 3:
                continue
            if kind == "compose_image" and value in self._built:
                continue
            stated = f"{subject}\0{value}".lower()
            own = self._own.get(subject, set()) if kind == "compose_port" else set()
            others = (other for other in ordered[kind] if other.lower() not in stated and other not in own)
            yield ProbeFact(
                kind,
                subject,
                value,
                [value],
                source,
                fresh and (kind, subject, value) not in known,
                list(islice(others, CONFUSED)),
            )
