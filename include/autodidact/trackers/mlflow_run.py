"""A training as a run of MLflow, its adapter as a version of MLflow's registry, and the aliases there.

The registered model is called `autodidact-<system>`. Its versions have the tag `autodidact.version`, and as
source the adapter's place in the store: weights are not copied, so that what is forgotten is gone. The alias
`candidate` is the newest version that was trained, until it serves; `champion` the one that serves.
"""

import os
from typing import Any

from autodidact.errors import AutodidactError

TAG = "autodidact.version"
# Metrics that one request may carry.
MOST = 1000


def training(request: dict[str, Any]) -> str:
    """Logs a run of the experiment `autodidact-<system>`, whole or not at all, and registers its adapter.
    Returns its address.
    """
    from mlflow.entities import Metric, Param, RunStatus

    client, run = _client(), request["run"]
    name = _name(run["system"])
    experiment = client.get_experiment_by_name(name)
    number = experiment.experiment_id if experiment else client.create_experiment(name)
    ended = int(run["ended"] * 1000)
    found = _run_of(client, number, run)
    if found is None:
        begun = ended - int(run["summary"].get("train_seconds", 0) * 1000)
        tags = {TAG: run["version"], "autodidact.adapter": run["adapter"], "mlflow.runName": run["version"]}
        found = client.create_run(number, start_time=begun, tags=tags, run_name=run["version"]).info.run_id
        params = [Param(key, str(value)) for key, value in run["params"].items()]
        client.log_batch(found, params=params)
        last = run["steps"][-1][0] if run["steps"] else 0
        metrics = [
            Metric(key, value, ended, step)
            for step, values in [*run["steps"], [last, run["summary"]]]
            for key, value in values.items()
        ]
        for start in range(0, len(metrics), MOST):
            client.log_batch(found, metrics=metrics[start : start + MOST])
        client.set_terminated(found, RunStatus.to_string(RunStatus.FINISHED), ended)
    _register(client, name, run, found)
    return f"MLflow, experiment {name}, run {found}"


def champion(request: dict[str, Any]) -> str:
    """Sets or takes away the alias `champion`; a candidate that serves is none any more."""
    client, run = _client(), request["run"]
    name = _name(run["system"])
    models = client.search_registered_models(filter_string=f"name = '{name}'")
    if not models:
        return f"MLflow has no {name}"
    number = _number_of(client, name, run["version"])
    aliases = {key: str(value) for key, value in models[0].aliases.items()}
    if number is None:
        if "champion" in aliases:
            client.delete_registered_model_alias(name, "champion")
        return f"{name}: none of its versions serves"
    if aliases.get("champion") != number:
        client.set_registered_model_alias(name, "champion", number)
    if aliases.get("candidate") == number:
        client.delete_registered_model_alias(name, "candidate")
    return f"{name}@champion is version {number}"


def _client() -> Any:
    """A client of the server that MLFLOW_TRACKING_URI names, which gives up soon where it is away."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise AutodidactError(
            "MLFLOW_TRACKING_URI is not set", "It is the address of MLflow's server, or sqlite:///FILE."
        )
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    from mlflow.tracking import MlflowClient

    return MlflowClient()


def _name(system: str) -> str:
    return "autodidact-" + "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in system)


def _run_of(client: Any, experiment: str, run: dict[str, Any]) -> str | None:
    """The finished run of this version. One that a kill left half logged is deleted."""
    for each in client.search_runs([experiment], filter_string=f"tags.`{TAG}` = '{run['version']}'"):
        if each.info.status == "FINISHED":
            return str(each.info.run_id)
        client.delete_run(each.info.run_id)
    return None


def _register(client: Any, name: str, run: dict[str, Any], run_id: str) -> None:
    """The version of the registry, made where it is not there, and `candidate` unless it serves."""
    models = client.search_registered_models(filter_string=f"name = '{name}'")
    if not models:
        client.create_registered_model(name, description=f"Adapters of {run['system']}, by Autodidact")
    number = _number_of(client, name, run["version"])
    if number is None:
        tags = {TAG: run["version"], "autodidact.adapter": run["adapter"], "autodidact.place": run["source"]}
        number = str(client.create_model_version(name, _source(run), run_id=run_id, tags=tags).version)
    aliases = models[0].aliases if models else {}
    if str(aliases.get("champion")) != number:
        client.set_registered_model_alias(name, "candidate", number)


def _source(run: dict[str, Any]) -> str:
    """An address that a server takes, which allows none of its own files: it names, and is not opened."""
    place = run["source"]
    local = "://" not in place or place.startswith("file:")
    return f"autodidact:///{run['system']}/{run['version']}" if local else place


def _number_of(client: Any, name: str, version: str) -> str | None:
    """The number that the registry gave a version; the first, where a kill made two."""
    found = client.search_model_versions(f"name = '{name}' and tags.`{TAG}` = '{version}'")
    return min((str(each.version) for each in found), key=int, default=None)
