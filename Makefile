# make app    everything up to the running dashboard   (DATA=folder SPLIT=file PORT=8501)
# make test   everything up to passed tests
# make quick  tests without a browser and without a training, in a minute
# make check  formatting, types, layers
# make bench  the table of speeds and memory             (DATA=folder SPLIT=file)
# make coverage  false verdicts, power and coverage in simulated worlds (WORLDS=2000)
# make faults  attempts to break it: kills, races, damage, full disks, hostile input (MINUTES=90)
# make ablation  the ablation of docs/results.md; trains for hours
# make screenshots  the pictures of README, on the synthetic films
# make lock   requirements.txt and requirements-dev.txt from pyproject.toml

PYTHON ?= python3
PORT ?= 8501
RECIPE ?= improved
WORLDS ?= 2000
MINUTES ?= 90
ARTIFACTS ?= artifacts
DATA ?=
# A split file that lies beside the folder of films is theirs.
beside = $(shell test -f "$(1)/../split.csv" && echo "$(1)/../split.csv")
SPLIT ?= $(if $(DATA),$(call beside,$(DATA)))

VENV ?= .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
# The bench is about real films where they are at hand.
BENCH_DATA := $(or $(DATA),$(wildcard ../shared/data/imdb))
BENCH_SPLIT := $(if $(BENCH_DATA),$(or $(SPLIT),$(call beside,$(BENCH_DATA))))
BENCH_SOURCE := $(if $(BENCH_DATA),--data "$(BENCH_DATA)") $(if $(BENCH_SPLIT),--split "$(BENCH_SPLIT)")
SOURCE := $(if $(DATA),--data "$(DATA)") $(if $(SPLIT),--split "$(SPLIT)")

.PHONY: env app test test-extras quick check bench coverage ablation faults screenshots lock

env: $(RUNTIME)

$(RUNTIME): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Marquee needs Python 3.11, 3.12 or 3.13; choose one with: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing packages into $(VENV); this takes a minute or two"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# The training goes on in the background, also when the dashboard is closed; a second call trains
# only what is missing.
app: $(RUNTIME)
	@$(BIN)/python -m genre_core app --port $(PORT) --recipe $(RECIPE) $(SOURCE) \
	  --artifacts "$(ARTIFACTS)"

test: $(DEVELOPMENT)
	$(BIN)/python -m pytest

# What takes long or needs more than the project itself.
test-extras: $(DEVELOPMENT)
	@$(BIN)/uv --quiet pip install --python $(BIN)/python --constraint requirements-dev.txt \
	  --constraint requirements.txt --requirements pyproject.toml --extra excel --extra mlflow --extra onnx \
	  jax tensorboard  # train what import reads, and read what export writes
	$(BIN)/python -m pytest -m extra
	$(BIN)/python -m benchmarks faults --minutes 5 --artifacts "$$(mktemp -d)"

quick: $(DEVELOPMENT)
	$(BIN)/python -m pytest --ignore=tests/browser --ignore=tests/models --ignore=tests/training \
	  --ignore=tests/benchmarks \
	  -m "not slow and not training and not real_films and not thorough"

check: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

bench: $(DEVELOPMENT)
	$(BIN)/python -m benchmarks bench $(BENCH_SOURCE) --artifacts "$(ARTIFACTS)"

coverage: $(RUNTIME)
	$(BIN)/python -m benchmarks coverage --worlds $(WORLDS) --artifacts "$(ARTIFACTS)"

ablation: $(RUNTIME)
	$(BIN)/python -m benchmarks ablate $(BENCH_SOURCE) --artifacts "$(ARTIFACTS)"

faults: $(DEVELOPMENT)
	$(BIN)/python -m benchmarks faults --minutes $(MINUTES) --artifacts "$(ARTIFACTS)"

screenshots: $(DEVELOPMENT)
	$(BIN)/python -m benchmarks screenshots --artifacts "$(ARTIFACTS)"

lock: $(DEVELOPMENT)
	UV=$(BIN)/uv .ci/lock
