# Everything that is started from this folder. `make help` lists it.
# Needs make, and Python 3.11 or newer with its venv module; all else is installed into .venv from requirements.lock.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
CHECKS := check-style check-types check-sql check-imports check-dagster check-tests

.PHONY: help demo test test-quick ui bench proofs docs lock clean install $(CHECKS)

# An older python3 is passed over in favour of a newer one beside it.
PYTHON ?= python3
PORT ?= 3000

BIN := .venv/bin
LOCKED := .venv/locked
INSTALLED := .venv/installed
COMPILED := .venv/compiled

# Tests of a file are run by one process: they share what they have set up.
PYTEST := $(BIN)/pytest --maxprocesses 5 --dist loadfile --no-loadscope-reorder
CORES := $$(getconf _NPROCESSORS_ONLN)

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

# Byte code is what makes the second start three times as fast as the first; many containers forbid Python to write it.
demo test test-quick ui bench proofs: export PYTHONDONTWRITEBYTECODE :=

demo: $(INSTALLED) ## Sample exports in, one night, the NPS by branch out (workspace in ./workspace)
	@$(BIN)/nps demo

test: $(COMPILED) ## Linters, types, import rules, Dagster's own check, then all tests
	@$(MAKE) --no-print-directory -j $(CORES) $(CHECKS)
	@# One process more than there are cores: some tests wait for other processes.
	$(PYTEST) -n $$(($(CORES) + 1))

# Each takes one core: they are done side by side.
check-types:
	$(BIN)/mypy

check-sql:
	$(BIN)/sqlfluff lint warehouse --disable-progress-bar

# Whatever cannot be collected is told at once; and all processes of the tests find compiled what one of them would.
check-tests:
	$(BIN)/pytest --collect-only -q -p no:xdist >/dev/null

check-dagster:
	@echo "dg check defs, on a new workspace"; \
	top=$$(mktemp -d) && trap 'rm -rf "$$top"' EXIT && \
	export NPS_HOME="$$top/workspace" DAGSTER_HOME="$$top/workspace/dagster" VIRTUAL_ENV="$$PWD/.venv" && \
	$(BIN)/nps init "$$NPS_HOME" >"$$top/log" && $(BIN)/dg check defs

check-imports:
	$(BIN)/lint-imports

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Which tests run a night or start processes is found out by tests/conftest.py; of the examples of laws a tenth is tried.
test-quick: $(COMPILED) ## The tests that run no night, no daemon and no crash: a minute or so
	NPS_LAWS=0.1 $(PYTEST) -n $(CORES) -m 'not night and not slow'

ui: $(INSTALLED) ## Dagster's webserver and daemon on http://127.0.0.1:3000 (PORT=...), on the workspace
	@$(BIN)/nps ui --port $(PORT)

bench: $(INSTALLED) ## The benchmarks, side by side with what others would write (a part: BENCH="--parts starts")
	$(BIN)/python -m benchmarks.run $(BENCH)

# Tools that are not installed are skipped: PROOFS="--install" installs them by name, outside of this folder.
proofs: $(INSTALLED) ## Other people's tools on a published file, Dagster's pages, attackers, 200 kills; pictures into build/proofs (one: PROOFS=pages)
	$(BIN)/python -m proofs.run $(PROOFS)

docs: $(INSTALLED) ## The documents that are made from the code: docs/marts.md, docs/nps-yaml.md, docs/data-dictionary.md
	$(BIN)/python -c 'from warehouse.marts import listing; print(listing(), end="")' > docs/marts.md
	$(BIN)/python -c 'from pipelines.config.reference import reference; print(reference(), end="")' > docs/nps-yaml.md
	$(BIN)/python -c 'from warehouse.published.dictionary import dictionary; print(dictionary(), end="")' > docs/data-dictionary.md

install: $(INSTALLED) ## Only make .venv

# uv only resolves; pip installs. duckdb is held on the last release whose files every 1.x driver reads; setuptools in it
# is what installs this project itself without asking any registry. LOCK_OPTIONS=--upgrade takes newer releases.
lock: $(INSTALLED) ## Resolve requirements.lock anew from pyproject.toml
	@[ -x build/lock/bin/uv ] || { $(BIN)/python -m venv build/lock && build/lock/bin/pip install -q 'uv>=0.9,<1'; }
	echo 'duckdb==1.5.6' | build/lock/bin/uv pip compile pyproject.toml - --group dev --universal \
	--python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header --quiet \
	$(LOCK_OPTIONS) -o requirements.lock

clean: ## Remove .venv and everything made by tools; the workspace stays
	rm -rf .venv build dist ./*.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed lock makes a new .venv, so that nothing stays of packages that left it. Byte code is left to the first
# import of each module: a third of the time of the installation goes into modules that are never imported.
$(LOCKED): requirements.lock
	@found=; for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$name"; break; fi; done; \
	if [ -z "$$found" ]; then \
	echo "Python 3.11 or newer is needed, and $(PYTHON) is not it. Install one, or say: make PYTHON=/path/to/python3" >&2; \
	exit 1; fi; \
	echo "Installing the locked packages into .venv with $$("$$found" --version), once: this takes about a minute." && \
	"$$found" -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

# Tests turn warnings into errors, also those that other people's modules cause when they are compiled: so not then.
$(COMPILED): $(INSTALLED)
	@$(BIN)/python -W ignore -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true
	@touch $@
