PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header

.PHONY: install lock

install:
	@$(PYTHON) requirements/install.py .venv requirements/all.txt

lock: install
	$(COMPILE) --all-extras pyproject.toml requirements/build.in -o requirements/all.txt
	$(COMPILE) -c requirements/all.txt pyproject.toml requirements/build.in -o requirements/core.txt
