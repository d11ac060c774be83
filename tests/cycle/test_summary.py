from autodidact.cycle.summary import as_text

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
    assert (
        "  Of 100 facts that are new or have changed since the champion was trained, the candidate knows 64%,"
        " the champion knows 10%, the base knows 0%." in lines
    )
    assert (
        "  Of 20 facts that have not changed since then, the candidate knows 90%, the champion knows 95%."
        in lines
    )
    quiet = as_text(SUMMARY | {"news": news | {"news": {"n": 0, "candidate": None, "champion": None}}})
    assert "  None of the facts is new or has changed since the champion was trained." in quiet.splitlines()


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
        "              less of what it does well: the gate keeps only 90% of the examples of ast_parser and tool_spec\n"
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
