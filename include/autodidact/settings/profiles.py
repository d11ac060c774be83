"""The profiles and the bases: what the settings are before anybody sets one."""

from typing import Any

# `production` is the class defaults: the article's numbers. `laptop` is what differs on two cores without GPU
# or network.
PROFILES: dict[str, dict[str, Any]] = {
    "production": {"profile": "production"},
    "laptop": {
        "profile": "laptop",
        "base_model": "sprout",
        # A cycle takes minutes on two cores; the four wordings of 120 probe facts are not counted here.
        "generators": {"limit": 50},
        "gate": {"max_tokens": 160},
        "training": {"recipe": "sprout"},
        # A tiny model gets one answer in six right: 12 dev items a family make 15% anchors.
        "benchmark": {"level": 1, "dev_items": 12},
        "knowledge": {"questions": 120},
        # A tiny model stays far below the article's 0.70 (the base scores about 0.10): this floor only
        # refuses a model that has collapsed. Where few answers are right, fewer items tell a loss of 0.05
        # apart; and every block takes minutes on two cores.
        "verdict": {"overall_floor": 0.05, "category_floor": 0.0, "blocks": 10},
    },
}

# What a base model changes in either profile.
BASES: dict[str, dict[str, Any]] = {
    # Five million parameters learn a value, not a paragraph (docs/learning.md).
    "sprout": {"generators": {"register": "drill"}},
    "smollm2": {
        # 4 bits cost so small a model more than half of what it can: .030 of the benchmark against .073.
        "training": {"recipe": "small", "quantization": "none"},
        # It chats: its answers are longer than sprout's. 1,080 dev items would take it eleven minutes.
        "gate": {"max_tokens": 320},
        "benchmark": {"level": 1, "dev_items": 4},
    },
}
