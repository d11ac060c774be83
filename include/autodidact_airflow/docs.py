"""What the web UI says about the DAGs."""

CYCLE_DOC = """
### Autodidact: one cycle

Reads the living system, trains an adapter on what is worth training on, measures it against the model in
service, promotes it or keeps the champion.

| task | does | when it is red |
| --- | --- | --- |
| `open_cycle` | fixes window, commits, settings, champion | the log names the setting or service to mend |
| `generate.*` | the generators, side by side | a failed one costs itself; more than three fail `gate` |
| `gate` | drops what is not worth training on, says why | |
| `train` | QLoRA from the frozen base; resumes from its last checkpoint | clear the task |
| `measure_champion`, `benchmark` | 9 categories x 15 prompts, the knowledge probe | retried; asks the rest |
| `decide` | writes `verdict.json`, takes one of two branches | |
| `promote` / `keep_champion` | deploys and verifies; or logs regressions | mend the deployment, clear it |
| `close_cycle` | prints the summary | |

**Trigger** it with no parameters for a cycle that ends now. **Backfill** it to measure older windows: a
backfill never promotes unless asked. **Interrupted?** Clear the failed task, or trigger with `resume`:
finished stages are not done again. A closed cycle is left alone, whatever is cleared: `again` opens another
for its window.
docs/airflow.md has a table of what Clear does to each task.
"""

ROLLBACK_DOC = """
### Autodidact: roll back

Brings an archived version back into service, verified as a promotion is. Without `version`: the champion
before the present one.
"""

WATCH_DOC = """
### Autodidact: the bake time

Runs whenever the champion changes, and probes what is served once a minute for `deploy.bake` seconds. Trouble
(three failed probes in a row) brings the champion before back, with the reason in the Chronicle. A server of
several versions (`vllm`, `local`) that is away is waited for, half an hour at most: nothing could be rolled
back. Where nothing is deployed (`deploy.kind = none`) it is skipped.
"""
