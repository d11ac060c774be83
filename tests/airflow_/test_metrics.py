"""The gauges that an operator watches."""

from autodidact_airflow import metrics

FIGURES = {
    "facts": 3412,
    "asked": 120,
    "known": 90,
    "unknown": 20,
    "wrong": 4,
    "stale": 6,
    "stale_standing": 5,
    "share": {"mean": 0.81, "low": 0.77, "high": 0.85},
    "hours": {"median": None, "p90": None},
    "age_hours": 3.5,
}


def test_each_figure_that_is_known_is_a_gauge_with_the_system_as_its_tag(monkeypatch):
    from airflow.sdk.observability import stats

    seen = {}
    monkeypatch.setattr(stats, "gauge", lambda name, value, tags: seen.update({name: (value, tags)}))
    metrics.gauges("shop", FIGURES)
    of = {"system": "shop"}
    assert seen == {
        "autodidact.knowledge.facts": (3412, of),
        "autodidact.knowledge.asked": (120, of),
        "autodidact.knowledge.known": (90, of),
        "autodidact.knowledge.unknown": (20, of),
        "autodidact.knowledge.wrong": (4, of),
        "autodidact.knowledge.stale": (6, of),
        "autodidact.knowledge.stale_standing": (5, of),
        "autodidact.knowledge.share": (0.81, of),
        "autodidact.knowledge.age_hours": (3.5, of),
    }


def test_without_figures_and_without_a_backend_nothing_happens():
    metrics.gauges("shop", None)
    metrics.gauges("shop", FIGURES)
