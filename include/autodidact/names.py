"""The names of the categories and the limits of time; apart from records.py, which takes a while to import,
as a DAG file should not.
"""

CATEGORIES = (
    "intent_classification",
    "orchestration",
    "tool_use",
    "code_review",
    "reasoning",
    "architecture",
    "conciseness",
    "affect_reasoning",
    "consciousness_articulation",
)

# What Airflow limits the time of (each generator: `generate`; a whole run: `cycle`, `watch`), and the
# variable that sets the hours.
LIMITED = (
    "cycle open_cycle generate gate train measure_champion benchmark decide promote keep_champion close_cycle"
    " rollback watch"
)
LIMITS = {name: "_".join(("AUTODIDACT", "HOURS", name.upper())) for name in LIMITED.split()}
