"""The names of the nine categories, and the limits of time. They are not in records.py, because that takes a
while to import and a DAG file must load fast.
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
