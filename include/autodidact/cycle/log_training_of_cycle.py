"""The cycle's training, logged wherever `training.report_to` says."""

from autodidact.cycle.record import Cycle
from autodidact.runtime import Runtime
from autodidact.trackers import log_to_trackers


def report_training(cycle: Cycle, runtime: Runtime) -> None:
    """Logs it, where that is wanted and not done yet; never raises for what a tracker could not do."""
    settings = cycle.effective(runtime.settings)
    manifest, version = cycle.manifest(runtime.store, "train"), cycle.candidate(runtime.store)
    if not settings.training.report_to or manifest is None or version is None:
        return
    log_to_trackers.report_training(
        runtime.store,
        settings,
        manifest,
        system=cycle.system,
        folder=cycle.folder,
        version=version,
        say=runtime.say,
    )
