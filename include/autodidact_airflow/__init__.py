"""The only code that knows Airflow: tasks around the stages, the window of a run, addresses from Connections,
the dashboard.
"""
