"""Links from a task in Airflow's web UI to what the page shows of its cycle."""

from urllib.parse import quote

from airflow.sdk import BaseOperatorLink


class PageLink(BaseOperatorLink):
    """A button at a task. `view`: what the route `/run/...` of the page leads to."""

    view = ""

    @property
    def name(self) -> str:
        return "The cycle"

    def get_link(self, operator, *, ti_key) -> str:
        from airflow.sdk.configuration import conf

        base = conf.get("api", "base_url", fallback="/").rstrip("/")
        return f"{base}/autodidact/run/{quote(ti_key.dag_id)}/{quote(ti_key.run_id)}?view={self.view}"


class VerdictLink(PageLink):
    view = "verdict"

    @property
    def name(self) -> str:
        return "Verdict"


class LostLink(PageLink):
    view = "lost"

    @property
    def name(self) -> str:
        return "What was lost"


class GateLink(PageLink):
    view = "gate"

    @property
    def name(self) -> str:
        return "Gate report"
