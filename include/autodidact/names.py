"""The names of categories and generators; apart from records.py, which takes a while to import and a DAG file
should not.
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

# The thirteen of the seed, and the categories each teaches.
GENERATORS = {
    "ast_parser": ("architecture", "reasoning"),
    "diff_miner": ("code_review",),
    "session_miner": ("intent_classification", "tool_use"),
    "knowledge_graph": ("architecture",),
    "goal_examples": ("orchestration",),
    "interrupt_handler": ("orchestration", "intent_classification"),
    "architecture_docs": ("architecture",),
    "benchmark_targeted": CATEGORIES,
    "wikipedia_harvest": ("reasoning",),
    "affect_examples": ("affect_reasoning",),
    "conciseness_drills": ("conciseness",),
    "tool_spec": ("tool_use",),
    "consciousness": ("consciousness_articulation",),
}

# What Airflow limits the time of (each generator: `generate`; a whole run: `cycle`, `watch`), and the
# variable that sets the hours.
LIMITED = (
    "cycle open_cycle generate gate train measure_champion benchmark decide promote keep_champion close_cycle"
    " rollback watch"
)
LIMITS = {name: "_".join(("AUTODIDACT", "HOURS", name.upper())) for name in LIMITED.split()}
