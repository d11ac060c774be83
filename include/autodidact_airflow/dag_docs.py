"""What the web UI says about the DAGs."""

CYCLE_DOC = """
### Autodidact: one cycle

Reads the living system, trains an adapter on what is worth training on, and measures it against the model in
service. The new model is promoted, or the champion stays.

| task | does | when it is red |
| --- | --- | --- |
| `open_cycle` | fixes window, commits, settings, champion | the log names the setting or service to mend |
| `generate.*` | the generators, at the same time | one costs itself; more than three fail `gate` |
| `knowledge` | writes down every fact, and since when it is true | its log says what cannot be read |
| `gate` | drops what is not worth training on, and says why | |
| `train` | QLoRA from the frozen base | clear the task: it resumes from its last checkpoint |
| `measure_champion`, `benchmark` | 9 categories x 15 prompts, knowledge probe | it is retried, and resumes |
| `decide` | writes `verdict.json` and takes one of two branches | |
| `promote` / `keep_champion` | deploys and verifies; or logs what fell | mend the deployment, then clear it |
| `ask_ledger` | asks the model in service what it knows of the system | it is retried, and resumes |
| `close_cycle` | prints the summary | |

**Trigger** it without parameters for a cycle that ends now. **Backfill** it to measure older windows: a
backfill promotes only on demand. **Interrupted?** Clear the failed task, or trigger with `resume`: finished
stages are not done again. A closed cycle is left alone, whatever is cleared; `again` opens another cycle for
its window. docs/airflow.md has a table of what Clear does to each task.
"""

ROLLBACK_DOC = """
### Autodidact: roll back

Brings an archived version back into service, and verifies it as a promotion does. Without `version`: the
champion before the present one.
"""

WATCH_DOC = """
### Autodidact: the bake time

Runs whenever the champion changes, and probes the server once a minute for `deploy.bake` seconds. After three
failed probes in a row the previous champion is put back, and the Chronicle says why. If a server of several
versions (`vllm`, `local`) does not answer at all, the watch waits for it, half an hour at most. Where nothing
is deployed (`deploy.kind = none`) the run is skipped.
"""
