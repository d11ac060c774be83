"""The Autodidact page in Airflow's web UI: overview, cycles, examples, items and versions.

    app.py                 the application, its headers, errors and static files
    rights.py              who may look, who may change something, and forms that only this page can send
    page_data_sources.py   where the page reads from: the Chronicle, and the store
    airflow_runs.py        what Airflow knows of a cycle: its run, its tasks, when the next one begins
    rendering.py           templates, foreign text made harmless, tables as CSV and JSON
    overview.py cycle.py examples.py items.py versions.py      a view each: what it shows, and its route
    outcome_reasons.py     why a cycle or a version ended as it did, in a line
    example_index.py       finds examples among a million
    charts.py              pictures: SVG without styles of its own, coloured by static/page.css

Nothing is written here but one thing: a roll-back, as a run of the DAG `autodidact_rollback`.
"""
