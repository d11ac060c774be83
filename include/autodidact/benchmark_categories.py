"""The names of the nine categories. They are not in records.py, because that takes a while to import and a
DAG file must load fast.
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
