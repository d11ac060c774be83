from autodidact.cycle.report_text import as_text
from autodidact.cycle.summary import summarize
from autodidact.records import Manifest
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import a_cycle

SUMMARY = {
    "system": "shop",
    "cycle_id": "2026-03-01T1400Z",
    "kind": "live",
    "profile": "laptop",
    "since": None,
    "until": "2026-03-01T14:00:00Z",
    "generators": [],
    "gate": None,
    "training": None,
    "scores": {},
    "verdict": None,
    "champion": "2026-02-28T1400Z-abc",
    "folder": "/store",
}


def test_it_says_what_share_of_the_news_each_model_knows():
    news = {
        "news": {"n": 100, "candidate": 0.64, "champion": 0.1, "base": 0.0},
        "control": {"n": 20, "candidate": 0.9, "champion": 0.95},
    }
    lines = as_text(SUMMARY | {"news": news}).splitlines()
    assert lines[-9:-5] == [
        "  Of the facts that this cycle taught, 100 are new to the champion.",
        "  Of these the candidate knows 64%, the champion 10%, the base 0%.",
        "  Of the facts that this cycle taught, 20 are unchanged since the champion was trained.",
        "  Of these the candidate knows 90%, the champion 95%.",
    ]
    quiet = as_text(SUMMARY | {"news": news | {"news": {"n": 0, "candidate": None, "champion": None}}})
    assert "  None of the facts that this cycle taught is new to the champion." in quiet.splitlines()


def test_it_says_what_was_made_and_left_out_and_what_a_name_does_not_tell():
    row = {"status": "done", "seconds": 1.0, "reason": None}
    generators = [
        row
        | {"name": "ast_parser", "examples": 30, "new": 20, "errors": [{"count": 1, "reason": "Python 2"}]},
        row | {"name": "consciousness", "examples": 10, "new": 0, "errors": []},
    ]
    by_generator = {"ast_parser": {"kept": 25}, "consciousness": {"kept": 10}}
    gate = {"raw": 45, "kept": 36, "by_generator": by_generator, "by_rule": {"length": {"dropped": 9}}}
    lines = as_text(SUMMARY | {"generators": generators, "gate": gate}).splitlines()
    assert lines[4:9] == [
        "  Examples                    made        new    kept  notes",
        "  ast_parser                    30         20      25  left out: 1 x Python 2",
        "  consciousness                 10          0      10  the model's own version, scores and limits",
        "  total, 5 replayed             45         20      36  80.0% kept",
        "  dropped by rule: length 9",
    ]


def test_it_says_how_often_the_rows_were_trained_on():
    settings = {
        "quantization": "nf4",
        "rank": 32,
        "alpha": 64,
        "learning_rate": 0.002,
        "epochs": 1,
        "batch_size": 4,
        "accumulation": 2,
    }
    training = {
        "settings": settings,
        "rows": 1220,
        "visits": {"ast_parser": {"code_review": 3000, "reasoning": 900}, "anchors": {"tool_use": 92}},
        "updates": 499,
        "seconds": 93.2,
        "loss_first": 3.71,
        "loss_mean_last": 0.411,
        "tokens_per_second": 2108.0,
    }
    lines = as_text(SUMMARY | {"training": training}).splitlines()
    at = lines.index("  Training   nf4 r=32 alpha=64, learning rate 0.002, epochs 1, 93 s")
    assert lines[at + 1 : at + 3] == [
        "             1220 rows, 3992 with repeats; 499 steps of 8 rows",
        "             loss 3.710 at the start, 0.411 at the end; 2108 tokens/s",
    ]


def test_it_says_what_the_cycle_before_changed_and_what_this_one_asks_of_the_next():
    lever = {
        "name": "training.anchors",
        "from": 0.15,
        "to": 0.25,
        "why": "rejected: it lost in tool_use",
        "applied": False,
        "held": 0.2,
    }
    before = {
        "outcome": "reject",
        "deficits": {"tool_use": 0.9, "reasoning": 0.5},
        "quotas": {"ast_parser": 0.9, "tool_spec": 0.9},
        "lever": lever,
    }
    text = as_text(
        SUMMARY
        | {"before": before, "next": {"outcome": "promote", "deficits": {}, "quotas": {}, "lever": None}}
    )
    assert (
        "  This cycle  most practice for tool_use (scored 0.10), reasoning (scored 0.50)\n"
        "              the gate will keep only 90% of the examples of ast_parser and tool_spec, because the categories that these teach score above the average\n"
        "              training.anchors 0.15 -> 0.25, but the settings say 0.2 (rejected: it lost in tool_use)\n\n  In"
        " service" in text
    )


def test_it_names_the_generators_without_a_source_and_what_gives_them_one():
    text = as_text(SUMMARY | {"no_source": {"goal_examples": "sources.goals", "tool_spec": "sources.mcp"}})
    assert "\n\n  No source: goal_examples (sources.goals), tool_spec (sources.mcp)\n" in text
    assert "No source" not in as_text(SUMMARY | {"no_source": {}})


def test_it_says_what_became_of_the_forecast():
    told = {"says": "3 families of questions were expected to get worse."}
    assert f"  Forecast   {told['says']}" in as_text(SUMMARY | {"forecast": told}).splitlines()
    assert "Forecast" not in as_text(SUMMARY | {"forecast": None})


def test_a_generator_without_a_result_has_failed_only_once_the_gate_has_read_them(tmp_path):
    runtime = Runtime(load_settings("laptop", {"store": str(tmp_path / "store")}, cwd=tmp_path, environ={}))
    cycle = a_cycle(runtime.settings)

    def status() -> str:
        (row,) = [row for row in summarize(cycle, runtime)["generators"] if row["name"] == "tool_spec"]
        return row["status"]

    assert status() == "not finished"
    gate = Manifest(cycle_id=cycle.cycle_id, stage="gate", code="1", started=cycle.until, seconds=1.0)
    runtime.store.write_json(f"{cycle.folder}/gate/manifest.json", gate)
    assert status() == "failed"
