import xml.etree.ElementTree as xml

import pytest

from autodidact.training.adapter_card import card
from autodidact.training.loss_picture import picture

TRAINING = {
    "recipe": "seed",
    "rows": 39,
    "unused": 0,
    "too_long": 2,
    "left_out": {"The chat template refuses an example": 1},
    "steps": 10,
    "updates": 8,
    "ended_early": True,
    "composition": {"ast_parser": {"architecture": 29}, "tool_spec": {"tool_use": 10}},
    "visits": {"ast_parser": {"architecture": 58}, "tool_spec": {"tool_use": 20}},
    "rows_sha256": "a" * 64,
    "kept_sha256": "b" * 64,
    "seed": 7,
    "tokens": 2000,
    "trained_tokens": 300,
    "settings": {"rank": 32, "quantization": "nf4", "learning_rate": 0.0002},
    "base": {"id": "Qwen/Qwen3-8B", "revision": None, "sha256": "c" * 64},
    "loss_curve": [[1, 3.0, 200], [2, None, 400], [3, 2.0, 600]],
    "loss_first": 3.0,
    "loss_mean_last": 2.5,
    "held_out": {
        "rows": 1,
        "composition": {"ast_parser": {"architecture": 1}},
        "evaluations": [
            {"step": 0, "loss": 3.1, "by_generator": {"ast_parser": 3.1}},
            {"step": 3, "loss": 2.2, "by_generator": {"ast_parser": 2.2}},
        ],
    },
    "device": "NVIDIA H100 80GB HBM3",
    "tokens_per_second": 9100.0,
    "utilisation": 0.26,
    "peak_memory": {"rss": 2**30, "gpu": 2**34},
    "train_seconds": 120.0,
    "recomputed": False,
    "versions": {"python": "3.11.9", "torch": "2.13.0"},
}
ADAPTER = {"path": "adapter", "sha256": "d" * 64}
SCORES = {
    role: {"overall": overall, "categories": {"tool_use": overall}, "probe": {"score": 0.5, "n": 120}}
    for role, overall in (("base", 0.5), ("candidate", 0.71))
}
CYCLE = {
    "system": "shop-12345678",
    "cycle_id": "2026-11-23T1200Z",
    "kind": "live",
    "since": None,
    "until": "2026-11-23T12:00:00Z",
    "repositories": [{"path": "/home/someone/shop", "commit": "e" * 40}],
    "replay": [],
    "candidate": "2026-11-23T1200Z-dddddddddddd",
    "no_source": {"goal_examples": "sources.goals"},
    "scores": SCORES,
    "judge": "embedded",
    "verdict": {"outcome": "promote", "reasons": ["overall 0.710 is at or above 0.700"]},
}


def test_the_card_is_a_hugging_face_model_card_with_its_scores():
    from huggingface_hub import ModelCard

    read = ModelCard(card(CYCLE | {"training": TRAINING, "adapter": ADAPTER}))
    assert (read.data.base_model, read.data.library_name) == ("Qwen/Qwen3-8B", "peft")
    assert [(each.metric_name, each.metric_value) for each in read.data.eval_results] == [
        ("overall", 0.71),
        ("tool_use", 0.71),
        ("knowledge probe", 0.5),
    ]
    assert "# 2026-11-23T1200Z-dddddddddddd" in read.text and "**promote**" in read.text


@pytest.mark.parametrize(
    "told",
    [
        "| ast_parser | architecture | 29 | 58 | 1 |",
        (
            "39 rows, 2,000 tokens in all passes, 300 of them trained on (the answers); 2 were too long; 1:"
            " The chat template refuses an example."
        ),
        "8 updates of 10: the held-out loss no longer fell",
        "| ast_parser | 3.100 | 2.200 |",
        "| model FLOP utilisation | 26.0% |",
        "| peak memory, gpu | 16,384 MiB |",
        "python 3.11.9, torch 2.13.0",
        f"| repository | shop at `{'e' * 40}` |",
        "| **overall** | 0.500 | 0.710 |",
        "`autodidact reproduce 2026-11-23T1200Z-dddddddddddd`",
        "No source: goal_examples (`sources.goals`).",
    ],
)
def test_the_card_tells_data_training_machine_and_lineage(told):
    text = card(CYCLE | {"training": TRAINING, "adapter": ADAPTER})
    assert told in text and "/home" not in text


def test_what_was_not_measured_is_missing():
    text = card({"training": TRAINING | {"utilisation": None, "tokens_per_second": None}, "adapter": ADAPTER})
    assert not any(
        word in text for word in ("Scores", "Verdict", "utilisation", "tokens/s", "reproduce", "None")
    )
    assert text.startswith("---\nbase_model: Qwen/Qwen3-8B\n") and "# adapter dddddddddddd" in text


def test_the_picture_is_svg_with_both_losses():
    drawn = xml.fromstring(picture(TRAINING))
    lines = drawn.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.get("points").split()) for line in lines] == [2, 2]
    assert "held out 2.200" in picture(TRAINING)


def test_what_the_model_in_service_knows_stands_there_with_use_and_rival():
    knows = {
        "says": "v2 knows 81% of 40 facts",
        "more": ["of 10 facts it states 8 when asked, and can use 5 in a task"],
    }
    text = card({"training": TRAINING, "adapter": ADAPTER, "knowledge": knows})
    assert (
        "## Knowledge\n\nIn service after this cycle: v2 knows 81% of 40 facts.\n"
        "- of 10 facts it states 8 when asked, and can use 5 in a task\n"
    ) in text
