"""A stage as a pod: imported only where AUTODIDACT_TRAINING__WHERE is `kubernetes`, for it costs a second of
parsing.

The task waits in the triggerer. One whose worker died finds its pod again (`durable`); one that is stopped
has its pod deleted, which saves a checkpoint within its grace, and the next try goes on from there. The
cluster is that of the connection `kubernetes_default`.
"""

from typing import Any

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk.exceptions import AirflowFailException

from autodidact_airflow.errors_as_task_outcomes import airflow_terms
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.tasks import load, note_consent, require_candidate


class StagePod(KubernetesPodOperator):
    """Does `stage` of the cycle that `ids` names, as tasks.stage does on a worker."""

    template_fields = (*KubernetesPodOperator.template_fields, "ids")

    def __init__(self, *, stage: str, ids: Any, system: System | None = None, **options: Any):
        limit = options.get("execution_timeout")  # counts on a worker alone: the pod is given it too
        super().__init__(
            active_deadline_seconds=int(limit.total_seconds()) if limit else None,
            deferrable=True,
            durable=True,
            get_logs=True,
            log_pod_spec_on_failure=False,
            startup_timeout_seconds=1800,
            container_name_log_prefix_enabled=False,
            **options,
        )
        self.stage, self.ids, self.system = stage, ids, system or System()

    def execute(self, context: Any) -> Any:
        """Makes the pod from the settings of this deployment. Skips where the cycle is closed, as every task
        does.
        """
        from autodidact.training.pod_spec import pod

        with airflow_terms(), self.system.in_force():
            cycle, here = load(self.ids)
            if self.stage == "benchmark":
                note_consent(cycle, here, context.get("ti"))
                require_candidate(cycle, here)
            self.pod_template_dict = pod(here.settings, self.stage, cycle.system, cycle.cycle_id)
        return super().execute(context)

    def cleanup(self, pod: Any, remote_pod: Any, *arguments: Any, **options: Any) -> None:
        """Wrong usage (exit status 2) is not tried again; whatever else failed is, and goes on from its last
        checkpoint.
        """
        try:
            super().cleanup(pod, remote_pod, *arguments, **options)
        except Exception as error:
            if _exit_status(remote_pod) == 2:
                raise AirflowFailException(
                    f"{self.stage}: wrong usage; the pod's log says what to mend"
                ) from None
            raise error


def _exit_status(pod: Any) -> int | None:
    for status in (pod.status.container_statuses if pod and pod.status else None) or []:
        if status.state and status.state.terminated:
            return status.state.terminated.exit_code
    return None
