# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000

.PHONY: help demo serve test chaos lint types pictures bench docs clean setup lock

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Fullhouse needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

setup: $(READY) ## Make .venv with the pinned packages

demo: $(READY) ## Set up, take legacy data over, prove it, sell, serve http://localhost:8000
	@$(BIN)/fullhouse demo --port $(PORT)

serve: $(READY) ## Serve the pages and the admin
	@$(BIN)/fullhouse serve --port $(PORT)

lint: $(READY) ## Style, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(READY) ## Static types, strict
	@$(BIN)/mypy

test: $(READY) ## Lint, types, migrations in step, all tests (PostgreSQL 18, and 15 where installed)
	@tests/run

chaos: $(READY) ## Every phase of a takeover times every fault (about a quarter of an hour)
	@FULLHOUSE_CHAOS=all $(BIN)/pytest -q tests/chaos

pictures: $(READY) ## Make the pictures of the README
	@$(BIN)/python -m tests.browser.pictures

bench: $(READY) ## Measure, as ratios in one run (benchmarks/README.md)
	@$(BIN)/python -m benchmarks

docs: $(READY) ## Run every command and snippet of the documentation
	@$(BIN)/pytest -q tests/docs

lock: ## Pin the packages anew (needs uv)
	@uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements.lock

clean: ## Remove .venv and caches; the database stays (fullhouse database reset removes it)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
