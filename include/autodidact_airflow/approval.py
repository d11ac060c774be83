"""A person's consent to what a report says. Imported only where the deployment asks for it."""

from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator


class Approval(ApprovalOperator):
    """An approval whose answer the tasks after it find in the XCom `answer`: ["Approve"] or ["Reject"].

    Airflow's own return value does not tell: a no skips the next task by an exception and returns nothing.
    """

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        context["ti"].xcom_push(key="answer", value=event.get("chosen_options"))
        return super().execute_complete(context, event)
