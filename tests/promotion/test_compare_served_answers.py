"""A server of one version: its answers are compared with the measured ones, and others are rolled back."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from autodidact.benchmark.engines import Answer, LocalEngine, Prompt
from autodidact.benchmark.items import block
from autodidact.chronicle import Chronicle
from autodidact.digests import folder_digest
from autodidact.models.chat_template import parse_answer
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.promotion import change_champion, compare_served_answers, watch
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.compare_served_answers import LEVEL, fewer_than, verdict
from autodidact.records import ItemResult, Report
from autodidact.serving.app import make_app
from autodidact.serving.decoder import Engine
from autodidact.serving.loaded_versions import LoadedVersions
from autodidact.serving.run import http_server
from autodidact.settings import Benchmark, Deploy, Settings
from autodidact.store import Store
from tests import tiny
from tests.promotion.test_orchestrators import Answering, deployment


def test_the_bound_with_a_server_that_agrees_with_itself_and_with_one_that_does_so_less_often():
    assert [k for k in range(46) if fewer_than(k, 45, 45) < LEVEL] == list(range(36))
    assert [k for k in range(46) if fewer_than(k, 40, 45) < LEVEL] == list(range(27))
    assert fewer_than(45, 45, 45) == 1


def answered(equal: int, aa: int, n: int = 45):
    """`n` answers, of which so many are the measured ones, and so many the same when asked twice."""
    item = next(each for each in block(0, level=1) if each.scorer != "judge")
    was = ItemResult(id=item.id, category=item.category, family="f", score=None, answer="as measured")
    made = [Answer(text="as measured" if place < equal else "otherwise") for place in range(n)]
    for answer in made:
        answer.message = parse_answer(answer.text)
    again = [made[place] if place < aa else Answer(text="now this") for place in range(n)]
    return [((item, was), *pair) for pair in zip(made, again, strict=True)]


@pytest.mark.parametrize(
    ("equal", "aa", "said"),
    [
        (45, 45, None),
        (36, 45, None),
        (
            35,
            45,
            "35 of 45 served answers are those that were measured; asked twice, the server agrees with itself"
            " on 45",
        ),
        (30, 36, None),  # a server that does not agree with itself cannot be held to more
    ],
)
def test_fewer_equal_answers_than_the_server_has_with_itself_are_trouble(equal, aa, said):
    found = verdict(answered(equal, aa))
    assert (found["n"], found["equal"], found["aa"]) == (45, equal, aa)
    assert found["trouble"] == said


def test_answers_that_score_less_are_trouble_even_where_the_texts_always_differ():
    item = next(each for each in block(0, level=1) if each.scorer != "judge")
    was = ItemResult(id=item.id, category=item.category, family="f", score=1.0, answer="as measured")
    wrong = [Answer(text=f"no {n}", message=parse_answer(f"no {n}")) for n in range(12)]
    rows = [((item, was), one, Answer(text="?")) for one in wrong]
    assert verdict(rows)["trouble"] == "of 12 served answers 12 score less than measured, and 0 more"
    assert verdict(rows[:9])["trouble"] is None  # 9 of 9 happen by chance once in 512
    assert verdict([])["trouble"] == "the server refuses every item"


class World:
    """A base and a version of it, measured here; a real server that serves that version's name with the
    weights that it is given.
    """

    def __init__(self, folder, monkeypatch, kind="command", orchestrator=""):
        monkeypatch.setattr(compare_served_answers, "AGAIN_EACH", 1)
        self.base = tiny.build(folder / "base", context=4096)
        self.store, url = Store(folder / "store"), f"sqlite:///{folder}/chronicle.db"
        self.chronicle = Chronicle(url)
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.listening = listening
        self.settings = Settings(
            system="shop",
            base_model=str(self.base),
            training={"quantization": "none"},
            benchmark=Benchmark(through="server", level=1),
            deploy=Deploy(
                kind=kind,
                command="true",
                webhook=f"{orchestrator}/deploy",
                kubernetes=f"{orchestrator}/apis/apps/v1/namespaces/ml/deployments/shop",
                url=f"http://127.0.0.1:{listening.getsockname()[1]}/v1",
                tolerance=None,
                live=0,
            ),
        )
        self.runtime = SimpleNamespace(
            settings=self.settings, store=self.store, say=lambda line: None, chronicle=lambda: Chronicle(url)
        )
        self.resolved = resolve_base(self.settings)
        change_champion.register_base(self.chronicle, self.store, self.settings, "shop", self.resolved)
        key = "shop/cycles/c1/training/adapter"
        tiny.adapter(self.base, self.store.root / key, seed=1)
        digest = folder_digest(self.store.root / key)
        self.version, facts = f"c1-{digest[:12]}", self.chronicle.champion("shop")["base"]
        self.chronicle.register_version(
            "shop", self.version, "c1", facts, {"path": key, "sha256": digest}, "none"
        )
        self.chronicle.set_state("shop", self.version, "benchmarked", "t", "measured")
        self.measure(digest)

    def model(self, quantization="none", seed=1):
        adapter = self.store.root / f"adapter-{seed}"
        tiny.adapter(self.base, adapter, seed=seed)
        return load_model(self.resolved, adapter, quantization, "cpu")

    def measure(self, digest):
        """The report of its cycle, as far as it is read."""
        firsts = {item.category: item for item in reversed(block(0, level=1))}.values()
        prompts = [Prompt(item.id, item.messages, item.tools, item.max_tokens) for item in firsts]
        answers = LocalEngine(*self.model()).answer(prompts)
        items = [
            ItemResult(id=item.id, category=item.category, family="f", score=0.0, answer=answer.text)
            for item, answer in zip(firsts, answers, strict=True)
        ]
        report = Report(
            fingerprint="f",
            suite={"level": 1},
            judge="none",
            model={"adapter_sha256": digest},
            blocks=[0],
            week="",
            overall=None,
            categories={},
            items=items,
        )
        self.store.write_json("shop/cycles/c1/benchmark/report.json", report)

    def serve(self, **weights):
        """Starts a server that has both names, and computes the version with these weights."""
        store = Store(self.store.root.parent / "of-the-server")
        rows = [self.chronicle.version("shop", version) for version in (self.version, self.base_version)]
        records = [champion_record(row) for row in rows]
        store.write_json("shop/champion.json", records[0])
        store.write_json("shop/serving.json", {"format": 1, "versions": [records[1].model_dump(mode="json")]})

        def load(champion):
            if champion.adapter:
                return Engine(*self.model(**weights))
            return Engine(*load_model(self.resolved, None, "none", "cpu"))

        versions = LoadedVersions(store, "shop", load, lambda line: None)
        self.server = http_server(make_app(versions), 5)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]})
        self.thread.start()
        while len(versions.versions) < 2:
            time.sleep(0.05)

    @property
    def base_version(self):
        return f"base-{self.resolved.sha256[:12]}"

    def stop(self):
        self.server.should_exit = True
        self.thread.join()


def orchestrator(method, path, headers, body):
    """A webhook that agrees, and a Kubernetes whose rollouts are over at once."""
    return 200, deployment()


BAKED = [
    ("command", {}, None),
    ("command", {"quantization": "nf4"}, "rolled_back"),
    ("command", {"seed": 2}, "rolled_back"),
    ("webhook", {}, None),
    ("webhook", {"seed": 2}, "rolled_back"),
    ("kubernetes", {}, None),
    ("kubernetes", {"seed": 2}, "rolled_back"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "weights", "ended"), BAKED)
def test_a_server_that_answers_otherwise_than_measured_is_rolled_back_in_the_bake_time(
    tmp_path, monkeypatch, kind, weights, ended
):
    with Answering(orchestrator) as asked:
        world = World(tmp_path, monkeypatch, kind, asked.url)
        world.serve(**weights)
        try:
            change_champion.promote(
                world.chronicle,
                world.store,
                world.settings,
                "shop",
                world.version,
                expected=world.base_version,
                by="ann",
                reason="because",
            )
            _bakes(world, ended)
        finally:
            world.stop()
    deployed = [world.version] + ([world.base_version] if ended else [])
    if kind == "webhook":
        assert [body["version"] for _, _, body in asked.asked] == deployed
    if kind == "kubernetes":
        patches = [body["spec"]["template"] for method, _, body in asked.asked if method == "PATCH"]
        assert [patch["metadata"]["annotations"]["autodidact/version"] for patch in patches] == deployed


def _bakes(world, ended):
    seen = watch.look(world.runtime, "shop")
    if ended is None:
        assert seen["reason"] == "healthy so far"
        event = next(e for e in world.chronicle.events("shop") if e["kind"] == "answers_compared")
        assert event["message"] == f"{world.version} is served as it was measured: 9 of 9 answers equal"
        return
    assert "served answers are those that were measured; asked twice" in seen["reason"]
    watch.look(world.runtime, "shop")
    seen = watch.look(world.runtime, "shop")
    assert (seen["ended"], seen["champion"]) == (ended, world.base_version)
