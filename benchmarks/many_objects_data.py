"""Cycles for benchmarks.many_objects: the files of each, in an object store, and its row of the Chronicle."""

import hashlib
import http.client
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from autodidact.chronicle import Chronicle
from autodidact.generators import GENERATORS
from autodidact.records import Manifest, canonical, instant
from autodidact.stage import FOLDERS, manifest_key
from tests.cycles import a_cycle
from tests.sandbox import NOON

SYSTEM, NAMES = "shop", [each.name for each in GENERATORS]
WINDOW = timedelta(hours=12)
# What a cycle of sprout on httpx left (benchmarks.learning): 70 files of its own, 110 of the benchmark.
SUFFIXES = {
    "ast_parser": 4,
    "knowledge_graph": 4,
    "architecture_docs": 4,
    "diff_miner": 2,
    "consciousness": 2,
}
ENDINGS = ("jsonl", "facts.json", "questions.jsonl", "facts_now.jsonl")
OWN = {
    "": ("sealed.json", "card.md", "feedback.json"),
    "gate": ("kept.jsonl", "dropped.jsonl", "report.json", "report.md", "funnel.svg", "lengths.svg")
    + ("clusters.svg", "categories.svg", "share.svg"),
    "training": ("rows.jsonl", "loss.svg", "lease.lock", "adapter/adapter_model.safetensors")
    + ("adapter/adapter_config.json",),
    "champion": ("report.json", "lease.lock"),
    "benchmark": ("report.json", "champion.json", "base.json", "lease.lock"),
    "ledger": ("plan.json", "figures.json", "use.json", "lease.lock"),
    "knowledge": ("facts.jsonl", "set_aside.jsonl"),
}
SHEETS, ANSWERS = ("block-0", "block-1/2026-W48", "block-2/2026-W48", "probe/1"), 26
STAGES = ("knowledge", "gate", "train", "measure_champion", "benchmark", "ask_ledger")


class Cycles:
    """Closed cycles, one after the other; as many as there are already are not put again."""

    def __init__(self, store: str, chronicle: str):
        self.bucket_and_prefix = store.removeprefix("s3://")
        self.chronicle = Chronicle(chronicle)
        self.number = len(self.chronicle.cycles(SYSTEM))
        self.objects = self.number * len(list(files(0)))

    def put_until(self, objects: int, threads: int) -> int:
        """Puts whole cycles until there are `objects`. Returns how many objects were put."""
        before, each = self.objects, len(list(files(0)))
        new = range(self.number, max(self.number, -(-objects // each)))
        for number in new:
            name = frozen(number)["cycle_id"]
            self.chronicle.record_cycle(frozen(number))
            self.chronicle.close_cycle(SYSTEM, name, "kept", "worse")
        put = Put(self.bucket_and_prefix)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(put.all, map(files, new)))
        self.number, self.objects = self.number + len(new), (self.number + len(new)) * each
        return self.objects - before


def frozen(number: int) -> dict:
    until = NOON + WINDOW * number
    name = f"{until:%Y-%m-%dT%H%MZ}"
    return a_cycle(cycle_id=name, until=instant(until)).model_dump(mode="json")


def files(number: int) -> Iterator[tuple[str, str]]:
    """(key, content) of every file of a cycle."""
    cycle = frozen(number)
    name = cycle["cycle_id"]
    folder = f"{SYSTEM}/cycles/{name}"
    yield f"{folder}/cycle.json", canonical(cycle)
    yield f"{folder}/verdict.json", json.dumps({"outcome": "reject", "reasons": ["worse"]})
    for stage in (*(f"generate.{each}" for each in NAMES), *STAGES):
        manifest = Manifest(
            stage=stage, cycle_id=name, code="1", status="skipped", started=cycle["until"], seconds=1.0
        )
        yield f"{folder}/{manifest_key(stage)}", manifest.model_dump_json()
    for generator in NAMES:
        for ending in ENDINGS[: SUFFIXES.get(generator, 0)]:
            yield f"{folder}/{FOLDERS['generate']}/{generator}.{ending}", "{}\n"
    for below, names in OWN.items():
        for each in names:
            yield f"{folder}/{below}/{each}".replace("//", "/"), "{}\n"
    model = hashlib.sha256(name.encode()).hexdigest()
    for sheet in SHEETS:
        for each in ("result.json", f"{name}.eval"):
            yield f"{SYSTEM}/benchmarks/{model}/{'f' * 64}/{sheet}/{each}", "{}\n"
        for answer in range(ANSWERS):
            each = hashlib.sha256(f"{sheet} {answer}".encode()).hexdigest()[:32]
            yield f"{SYSTEM}/benchmarks/{model}/answers/{sheet}/{each}.json", "{}\n"
    yield f"{SYSTEM}/ledger/{name}-{model[:12]}/{name}.jsonl", "{}\n"


class Put:
    """Puts objects by requests that are signed here: a tenth of the processor time that botocore takes."""

    def __init__(self, bucket_and_prefix: str):
        self.endpoint, self.below = os.environ["AWS_ENDPOINT_URL"], bucket_and_prefix
        keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        self.signer = S3SigV4Auth(keys, "s3", os.environ["AWS_DEFAULT_REGION"])
        self.local = threading.local()

    def all(self, objects: Iterator[tuple[str, str]]) -> None:
        for key, text in objects:
            self.one(key, text.encode())

    def one(self, key: str, data: bytes) -> None:
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=60)
        path = f"/{self.below}/{key}"
        request = AWSRequest("PUT", f"{self.endpoint}{path}", data=data)
        self.signer.add_auth(request)
        connection = self.local.connection
        connection.request("PUT", path, data, dict(request.headers.items()))
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"PUT {key}: {answer.status} {body[:200]!r}")
