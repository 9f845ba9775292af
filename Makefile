# Everything runs in a private environment, .venv, which is made when first needed and again when setup.cfg changes.
# Another interpreter, kept apart:  make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DIST ?= dist

# Settings of the user's own pip that would break a private environment, or make noise in it.
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
unexport PYTHONPATH PYTHONHOME

.PHONY: help demo test clients check coverage mutate fuzz bench format generate clean
.DELETE_ON_ERROR:

help:
	@echo "make demo      watch one server live its whole life"
	@echo "make test      run the tests (ARGS='-k resize' for some of them)"
	@echo "make clients   real OpenStack clients against novasim serve"
	@echo "make check     lint, format and types"
	@echo "make coverage  the tests, and which lines and branches of the rules they miss"
	@echo "make mutate    break every rule of the lifecycle once, and see whether the tests notice"
	@echo "make fuzz      send the server whatever its own description allows, and what it does not"
	@echo "make bench     measure speed"
	@echo "make format    repair lint and format where that is safe"
	@echo "make generate  renew what is generated: manual pages, completions, the sessions in the pages"
	@echo "make package   build the wheel and the source archive, into dist"
	@echo "make zipapp    build dist/novasim.pyz, the whole of novasim in one file"
	@echo "make clean     remove what was built, and the environment"

demo: $(VENV)/for-use
	@$(BIN)/novasim demo

test: $(VENV)/for-test
	@$(BIN)/python -m pytest -n auto $(ARGS)

clients: $(VENV)/for-clients
	@$(BIN)/python -m pytest -n auto tests/clients $(ARGS)

# A report on each of the rooms that decide something, and a failure if one is below what CONTRIBUTING promises.
coverage: $(VENV)/for-test
	@$(BIN)/python -m pytest -n auto --cov --cov-report= $(ARGS)
	@failed=0; for room in lifecycle simulation store api; do \
		$(BIN)/python -m coverage report --include="novasim/$$room/*" --fail-under=95 || failed=1; \
	done; exit $$failed

mutate: $(VENV)/for-mutation
	@$(BIN)/python -m tests.mutation $(ARGS)

fuzz: $(VENV)/for-fuzz
	@$(BIN)/python -m pytest -p no:schemathesis tests/serve/test_fuzz.py $(ARGS)

bench: $(VENV)/for-test
	@$(BIN)/python -m tests.store.speed
	@$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -o python_functions='bench_*' -s -q $(ARGS)

check: $(VENV)/for-dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Some files need 'make format'." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@echo "lint, format and types are fine"

format: $(VENV)/for-dev
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

generate: $(VENV)/for-test
	@$(BIN)/python -m pytest --update --quiet tests/test_generated.py tests/test_repository.py

package: $(VENV)/for-dev
	@$(BIN)/python -m build --outdir $(DIST) .

# One file that needs no installation, only a Python of the version that built it; it unpacks itself into ~/.shiv when
# first used, since code in a zip archive is slow to start, and compiled code in it does not start at all.
zipapp: $(VENV)/for-dev
	@mkdir -p $(DIST)
	@$(BIN)/shiv --quiet --compressed --compile-pyc --reproducible --console-script novasim \
		--python '/usr/bin/env python3' --output-file $(DIST)/novasim.pyz .

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
	find novasim tests -name __pycache__ -prune -exec rm -rf {} +

# One stamp per set of requirements. The package itself is linked, so that changed code counts at once, and by a plain
# path (compat): the default finder doubles the start-up time of every command.
$(VENV)/for-use: EXTRA :=
$(VENV)/for-test: EXTRA := [test]
$(VENV)/for-fuzz: EXTRA := [fuzz]
$(VENV)/for-dev: EXTRA := [dev]
$(VENV)/for-clients: EXTRA := [test,clients]
$(VENV)/for-mutation: EXTRA := [mutation]

$(VENV)/for-use $(VENV)/for-test $(VENV)/for-fuzz $(VENV)/for-dev $(VENV)/for-clients $(VENV)/for-mutation: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Installing novasim$(EXTRA) into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --editable '.$(EXTRA)' --config-settings editable_mode=compat
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "novasim needs Python 3.10 or newer; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "No environment could be made (Debian, Ubuntu: install python3-venv)." >&2; exit 1; }
