"""What a person may fill in when she triggers a cycle. autodidact_airflow/allowed_params.py checks it."""

from typing import Any

from airflow.sdk import Param


def setting(kind: str, title: str, text: str, **schema: Any) -> Param:
    """A param that is null unless a person fills it in: then the settings say."""
    return Param(
        None, type=["null", kind], title=title, description_md=text, section="Settings for this run", **schema
    )


def cycle_params() -> dict[str, Param]:
    return {
        "resume": Param(
            False, type="boolean", description_md="Go on with the newest live cycle that is still open."
        ),
        "again": Param(
            False,
            type="boolean",
            description_md="The cycle of this window is closed: open another for it (`...-2`).",
        ),
        "promote_historical": Param(
            False, type="boolean", description_md="Let a backfill promote; else it only measures."
        ),
        "repository": setting(
            "string", "Repository", "Path of the git repository to read: one that the deployment lists."
        ),
        "generators": setting("array", "Generators", "Only these, by name."),
        "base_model": setting("string", "Base model", "`sprout`, or a hub id."),
        "recipe": setting("string", "Recipe", "`seed`, `gentle` or `sprout`."),
        "epochs": setting("number", "Epochs", "Passes over the kept examples.", exclusiveMinimum=0),
        "learning_rate": setting(
            "number", "Learning rate", "Peak of the cosine schedule.", exclusiveMinimum=0
        ),
        "overall_floor": setting(
            "number",
            "Overall floor",
            "Least overall score of a promoted model (the article: 0.70).",
            minimum=0,
            maximum=1,
        ),
        "category_floor": setting(
            "number",
            "Category floor",
            "Least score of every category (the article: 0.30).",
            minimum=0,
            maximum=1,
        ),
        "settings": setting(
            "object",
            "Other settings",
            'Dotted keys that a run may set, for example `{"gate.cap": 300}`: docs/airflow.md.',
        ),
    }
