"""The tables of settings on what is kept, and for how long, and on how much a system may use."""

from pydantic import Field

from autodidact.settings.types import Section


class Retention(Section):
    examples_days: float | None = Field(
        None, ge=0, description="days after its close that a cycle's raw examples are kept; null: for ever"
    )
    dropped_days: float | None = Field(
        None, ge=0, description="days that the examples are kept which the gate dropped; null: for ever"
    )
    checkpoints_days: float | None = Field(
        30, ge=0, description="days that checkpoints are kept which a closed cycle left; null: for ever"
    )
    logs_days: float | None = Field(
        None,
        ge=0,
        description="days that benchmark logs of a model that serves no more are kept; null: for ever",
    )


class Budget(Section):
    cycles_a_day: int | None = Field(
        None, ge=1, description="cycles that may be opened on one day (UTC); null: any number"
    )
    gpu_hours_a_month: float | None = Field(
        None,
        gt=0,
        description="hours of training and benchmark in a month (UTC), then no cycle opens; null: any",
    )
