# Airflow 3.3.2 with Autodidact and everything it needs. TORCH=cpu keeps the image small; for a GPU worker: --build-arg TORCH=registry.
FROM apache/airflow:3.3.2-python3.11
ARG TORCH=cpu
USER root
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY --chown=airflow:0 requirements.txt requirements.in pyproject.toml README.md LICENSE /opt/autodidact/
COPY --chown=airflow:0 include /opt/autodidact/include
COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins
USER airflow
WORKDIR /opt/autodidact
RUN torch="$(grep '^torch==' requirements.txt)" \
    && if [ "$TORCH" = cpu ]; then pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu "$torch"; fi \
    && pip install --no-cache-dir -r requirements.txt \
    && pip install --no-cache-dir --no-deps --no-build-isolation -e .
WORKDIR /opt/airflow
