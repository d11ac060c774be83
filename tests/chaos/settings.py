"""A real cycle that takes as little time as it can, and still trains, measures, promotes and asks."""

import json

SYSTEM = "shop"
SETTINGS = {
    "system": SYSTEM,
    "generators.only": ["ast_parser", "diff_miner"],
    "generators.limit": 24,
    "training.max_steps": 12,
    "training.save_steps": 2,
    "training.anchors": 0,
    "training.min_news": 0,
    "benchmark.dev_items": 0,
    "knowledge.questions": 10,
    # So that about every second candidate is promoted: whichever scores higher.
    "verdict.rule": "seed",
    "verdict.overall_floor": 0,
    "verdict.category_floor": 0,
    "deploy.bake": 0,
}


def as_variables(settings: dict = SETTINGS) -> dict[str, str]:
    """The same as environment variables."""
    return {
        f"AUTODIDACT_{key.upper().replace('.', '__')}": value if isinstance(value, str) else json.dumps(value)
        for key, value in settings.items()
    }
