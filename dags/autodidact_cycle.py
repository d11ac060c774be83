"""The cycle as a DAG: wiring only. What the tasks do is in autodidact/cycle/run.py; how they meet Airflow, in
autodidact_airflow/tasks.py.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import BranchPythonOperator
from airflow.sdk import Asset, CronTriggerTimetable, Param, TriggerRule, dag, task, task_group

from autodidact.generators import GENERATORS
from autodidact_airflow import tasks
from autodidact_airflow.docs import CYCLE_DOC
from autodidact_airflow.limits import CONSENT, PATIENT, STEADY, hours
from autodidact_airflow.links import GateLink, LostLink, VerdictLink

CHAMPION = Asset("autodidact_champion")
WHERE = os.environ.get("AUTODIDACT_TRAINING__WHERE") or "queue"
GPU = {"pool": "gpu", "queue": "default" if WHERE in ("local", "kubernetes") else "gpu"}
APPROVAL = os.environ.get("AUTODIDACT_APPROVAL", "none")


def setting(kind: str, title: str, text: str, **schema) -> Param:
    """A param that is null unless a person fills it in: then the settings say."""
    return Param(
        None, type=["null", kind], title=title, description_md=text, section="Settings for this run", **schema
    )


@dag(
    schedule=CronTriggerTimetable("0 */12 * * *", timezone="UTC", interval=timedelta(hours=12)),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=hours("cycle")
    + (CONSENT if APPROVAL in ("before_train", "before_promote") else timedelta(0)),
    default_args={"owner": "autodidact"} | STEADY,
    tags=["autodidact", "fine-tuning"],
    doc_md=CYCLE_DOC,
    user_defined_macros={"report": tasks.report},
    params={
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
    },
)
def autodidact_cycle():
    @task(execution_timeout=hours("open_cycle"))
    def open_cycle(params=None, dag_run=None, data_interval_start=None, data_interval_end=None):
        return tasks.open_cycle(params, dag_run, data_interval_start, data_interval_end)

    @task(pool="generate", execution_timeout=hours("generate"))
    def generator(cycle, name):
        tasks.generate(cycle, name)

    @task_group
    def generate(cycle):
        return [generator.override(task_id=each.name)(cycle, each.name) for each in GENERATORS]

    @task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=hours("gate"))
    def gate(cycle):
        tasks.stage(cycle, "gate")

    @task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=hours("knowledge"))
    def knowledge(cycle):
        tasks.stage(cycle, "knowledge")

    @task(outlets=[CHAMPION], execution_timeout=hours("promote"))
    def promote(cycle, outlet_events=None):
        outlet_events[CHAMPION].extra = tasks.promote(cycle)

    @task(execution_timeout=hours("keep_champion"))
    def keep_champion(cycle):
        tasks.keep_champion(cycle)

    @task(trigger_rule=TriggerRule.NONE_FAILED, execution_timeout=hours("close_cycle"))
    def close_cycle(cycle, ti=None):
        return tasks.close_cycle(cycle, ti)

    cycle = open_cycle()
    gated, trained, champion = gate(cycle), gpu_stage(cycle, "train"), gpu_stage(cycle, "measure_champion")
    measured = gpu_stage(cycle, "benchmark", trigger_rule=TriggerRule.NONE_FAILED)
    asked = "approve_promotion" if APPROVAL == "before_promote" else "promote"
    decide = BranchPythonOperator(
        task_id="decide",
        python_callable=tasks.decide,
        op_args=[cycle, asked],
        trigger_rule=TriggerRule.NONE_FAILED,
        execution_timeout=hours("decide"),
    )
    decide.operator_extra_links = (VerdictLink(), LostLink())
    gated.operator.operator_extra_links = (GateLink(),)
    promoted, kept, closed = promote(cycle), keep_champion(cycle), close_cycle(cycle)

    made, known = generate(cycle), knowledge(cycle)
    made >> gated >> [trained, champion] >> measured  # nothing to train on, nothing to measure
    ledger = gpu_stage(cycle, "ask_ledger", trigger_rule=TriggerRule.NONE_FAILED)
    measured >> decide >> [promoted, kept] >> ledger >> closed
    made >> known >> ledger
    if APPROVAL == "before_train":
        gated >> approval("approve_training", "Train on what the gate kept?", "gate") >> trained
    if APPROVAL == "before_promote":
        decide >> approval("approve_promotion", "Promote the candidate?", "verdict") >> promoted


def gpu_stage(cycle, name: str, **options):
    """A stage that wants the GPU: on a worker, or in a pod that runs the same stage. Interrupted, it is tried
    again and goes on.
    """
    options = GPU | PATIENT | {"execution_timeout": hours(name)} | options
    if WHERE == "kubernetes":
        from autodidact_airflow.pods import StagePod

        return StagePod(task_id=name, stage=name, ids=cycle, **options)
    return task(task_id=name, **options)(tasks.stage)(cycle, name)


def approval(task_id: str, subject: str, report: str):
    """A person's consent to what the report says, within six hours; without an answer it is a no."""
    from autodidact_airflow.approval import Approval

    body = f"{{{{ report(ti.xcom_pull(task_ids='open_cycle'), '{report}') }}}}"
    return Approval(task_id=task_id, subject=subject, body=body, defaults="Reject", response_timeout=CONSENT)


autodidact_cycle()
