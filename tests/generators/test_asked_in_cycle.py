"""A cycle counts on its facts how often people asked about them."""

from datetime import timedelta

from autodidact.cycle import run as stages
from autodidact.cycle.open import open_cycle
from autodidact.knowledge.facts_over_time import read_facts
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.generators.test_session_miner import session
from tests.sandbox import NOON


def test_the_facts_of_a_cycle_say_how_many_requests_name_their_subject(sandbox, tmp_path):
    sandbox.commit("Begin", {"shop/cart.py": "class CartView:\n    pass\n\n\nclass TillView:\n    pass\n"})
    talk = session(
        ("user", "Where is CartView?"), ("say", "Here."), ("user", "CartView again?"), ("say", "Yes.")
    )
    (tmp_path / "talk.jsonl").write_text(talk)
    given = {
        "system": "shop",
        "store": str(tmp_path / "store"),
        "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db",
        "sources.repository": str(sandbox.path),
        "sources.sessions": [str(tmp_path / "talk.jsonl")],
        "generators.only": ["ast_parser", "session_miner"],
    }
    runtime = Runtime(load_settings("laptop", given, cwd=tmp_path, environ={}), say=lambda line: None)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=2))
    stages.generate("ast_parser", cycle, runtime)
    stages.knowledge(cycle, runtime)
    found = {fact.subject: fact.asked for fact in read_facts(runtime.store, cycle.folder)}
    assert found == {"CartView": 2, "TillView": 0}
