# Airflow 3.3.2 with Autodidact and everything it needs. TORCH=cpu keeps the image small; TORCH=registry is for a GPU worker.
# The slim image has no providers: requirements.txt brings those that are used.
FROM apache/airflow:slim-3.3.2-python3.11
ARG TORCH=cpu
USER root
RUN apt-get update && apt-get install -y --no-install-recommends git curl && rm -rf /var/lib/apt/lists/*
# New volumes take over owner and mode of these. Whatever the user's number, its group is 0.
RUN for folder in autodidact logs secrets; do install -d -m 2770 -o airflow -g 0 /opt/airflow/$folder; done \
    && install -d -o airflow -g 0 /opt/autodidact
USER airflow
WORKDIR /opt/autodidact
# The lock first: a change of the code does not install everything again.
COPY --chown=airflow:0 requirements.txt requirements-run.in pyproject.toml setup.py README.md LICENSE /opt/autodidact/
RUN torch="$(grep '^torch==' requirements.txt)" \
    && if [ "$TORCH" = cpu ]; then pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu "$torch"; fi \
    && pip install --no-cache-dir -r requirements.txt
COPY --chown=airflow:0 include /opt/autodidact/include
COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
WORKDIR /opt/airflow
