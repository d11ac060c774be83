"""Who may look at the page, who may change something, and forms that only the page itself can send.

Airflow authenticates nothing under a plugin's prefix, so every route asks Airflow itself.
"""

from typing import Annotated, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from fastapi import Depends, HTTPException

from autodidact_airflow.dashboard.airflow_runs import CYCLE_DAG, suffix_of_system
from autodidact_airflow.dashboard.page_data_sources import here
from autodidact_airflow.system_of_dag import System

# Seconds for which a form that was shown can be sent.
FORM_SECONDS = 3600

MAY_LOOK = Depends(
    requires_access_dag(method="GET", access_entity=DagAccessEntity.RUN, param_dag_id=CYCLE_DAG)
)
User = Annotated[Any, Depends(get_user)]


def rollback_dag(system: str | None) -> str:
    """The DAG that brings back versions of the system."""
    return System().dag_id("rollback") + suffix_of_system(system)


def may_roll_back(user: Any, system: str | None) -> bool:
    """Whether this user may edit the DAG that rolls the system back, and start a run of it."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails

    details, manager = DagDetails(id=rollback_dag(system)), get_auth_manager()
    edits = manager.is_authorized_dag(method="PUT", details=details, user=user)
    return edits and manager.is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=details, user=user
    )


def _require_roll_back(user: User, system: str | None = None) -> None:
    if not may_roll_back(user, here(system).system):
        raise HTTPException(403, "You may not edit and start the DAG that rolls this system back.")


MAY_ROLL_BACK = [Depends(_require_roll_back)]


def _signer() -> Any:
    from airflow.api_fastapi.auth.tokens import get_signing_key
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(get_signing_key("api", "secret_key"), salt="autodidact page")


def form_token(user: Any) -> str:
    """What a form carries: it names the user, and is signed by this server. Another site cannot make it."""
    return str(_signer().dumps(str(user.get_id())))


def check_form(user: Any, token: str) -> None:
    """Raises HTTPException 403 for a form that this page did not show to this user within the last hour."""
    from itsdangerous import BadSignature

    try:
        named = _signer().loads(token, max_age=FORM_SECONDS)
    except BadSignature:
        named = None
    if named != str(user.get_id()):
        raise HTTPException(
            403, "This form was not made for you, or it is older than an hour. Load it again."
        )
