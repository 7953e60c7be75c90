# Everything starts here. It needs make and Python 3.11 or newer: `make PYTHON=python3.12 …` names another one.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header $(UPGRADE)
SEED ?= $(shell date +%s)
SOURCES := pyproject.toml requirements/build.in
SERVES := --extra slack --extra teams --extra graph --extra postgres --extra reports
export PYTHONDONTWRITEBYTECODE :=  # hundreds of processes are started here: without bytecode each would spend seconds reading sources

.DEFAULT_GOAL := help
.PHONY: help install sandbox test check format-check lint types contracts format bench year fuzz soak lock clean

help:           ## show this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1	/p' Makefile | expand -t 12

install:        ## make .venv with everything, from the lock
	@$(PYTHON) requirements/install.py .venv requirements/all.txt

sandbox:        ## try it: install the core only and serve the training room (ARGS="--port 8081")
	@$(PYTHON) requirements/install.py .venv-core requirements/core.txt
	@.venv-core/bin/homeward sandbox $(ARGS)

test: install   ## run the tests
	@$(BIN)/pytest -n logical --maxprocesses 8 --dist worksteal $(ARGS)

check: install format-check lint types contracts test  ## all that must hold: format, lint, types, imports, tests

format-check: install
	@$(BIN)/ruff format --check

lint: install
	@$(BIN)/ruff check

types: install
	@$(BIN)/mypy

contracts: install
	@$(BIN)/lint-imports --no-logo

format: install ## put the code into shape
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

bench: install  ## measure, print a table, write build/bench.json
	@$(BIN)/python -m bench $(ARGS)

year: install   ## write a generated year into build/year.sqlite and build/903 (ARGS="--episodes 60000")
	@$(BIN)/python -m bench.year $(ARGS)

fuzz: install   ## throw whatever there is at commands, forms and endpoints, within two minutes (SEED=7 the same again)
	@echo "seed $(SEED)"
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest tests/attack/test_fuzz.py -q -s -p no:cacheprovider --hypothesis-seed=$(SEED) --timeout 120 $(ARGS)

soak: install   ## the long fault runs, up to 30 minutes; prints what was counted
	@$(BIN)/pytest -m soak --timeout 1800 -s $(ARGS)

lock:           ## resolve the dependencies again (UPGRADE=--upgrade for newer ones)
	@test -x $(BIN)/uv || $(MAKE) install
	$(COMPILE) --all-extras $(SOURCES) -o requirements/all.txt
	$(COMPILE) -c requirements/all.txt $(SOURCES) -o requirements/core.txt
	$(COMPILE) -c requirements/all.txt $(SERVES) $(SOURCES) -o requirements/serve.txt

clean:          ## remove what the other targets made
	rm -rf .venv .venv-core build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find bot handlers policies storage tests requirements -name __pycache__ -prune -exec rm -rf {} +
