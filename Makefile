# `make help` lists what can be made. Only git, make and Python 3.11 or newer are needed.
PYTHON ?= python3
BIN = .venv/bin
WORKERS = auto
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test clients faults properties attack soak crash bench reloads idle house check format snapshots lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

run: .venv/run ## serve the shipped calendars on http://127.0.0.1:8000
	@$(BIN)/arshjul serve

# Each process of the tests would compile the program anew without the compiled files; folders lie in memory.
unexport PYTHONDONTWRITEBYTECODE
export PYTEST_DEBUG_TEMPROOT = $(wildcard /dev/shm)

PYTEST = $(BIN)/python -m pytest
ATTACK = tests/attack
FENCES = tests/test_fences.py tests/test_clock.py
TESTS = --ignore=$(ATTACK) $(ARGS)

test: .venv/dev ## the tests, in about four minutes on two cores (WORKERS=0: in one process)
	@$(PYTEST) -n $(WORKERS) --dist worksteal $(FENCES:%=--ignore=%) \
		-m "not clients and not faults and not years" $(TESTS)

clients: .venv/dev ## other people's programs: calendar clients, parsers, web servers
	@$(PYTEST) -n 3 --dist worksteal -m clients $(TESTS)

faults: .venv/dev ## the service as a process of its own, and what goes wrong with it; counts seconds
	@$(PYTEST) -n 4 --dist worksteal -m faults $(TESTS)
	@ARSHJUL_TEST_KILLS=$${ARSHJUL_TEST_KILLS:-60} ARSHJUL_TEST_LETTERS=$${ARSHJUL_TEST_LETTERS:-300} $(PYTEST) tests/crash/test_kills.py $(ARGS)

properties: .venv/dev ## properties with many examples, and long stretches of days
	@ARSHJUL_TESTS_PROPERTIES=$${ARSHJUL_TESTS_PROPERTIES:-200} $(PYTEST) -n $(WORKERS) --dist worksteal -m "(hypothesis or years) and not clients" $(TESTS)

attack: .venv/dev ## clocks that are moved, databases that stand still: needs faketime and postgresql
	@$(PYTEST) -n 4 $(ATTACK) $(ARGS)

soak: .venv/dev ## twenty minutes of edits, load, idle connections and a database that goes: memory, files, threads
	@$(BIN)/python -m benchmarks.soak

crash: .venv/dev ## kill the program 2,000 times while it sends 10,000 letters
	@ARSHJUL_TEST_KILLS=2000 ARSHJUL_TEST_LETTERS=10000 $(BIN)/python -m pytest -q tests/crash $(ARGS)

bench: .venv/dev .venv/radicale ## how fast letters go, and feeds are served and built, beside what others use; needs nginx and wrk
	@$(BIN)/python -m benchmarks.letters
	@$(BIN)/python -m benchmarks.feeds --radicale .venv/radicale/bin/python
	@$(BIN)/python -m benchmarks.build
	@$(BIN)/python -m benchmarks.phrases

check: .venv/dev ## ruff, mypy --strict, and the fences between the modules and around the clock
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q $(FENCES)

house: .venv/dev ## modules, the longest chain of imports, names used twice
	@$(BIN)/python -m benchmarks.house

reloads: .venv/dev ## measure how long an edit takes until it is served, under load
	@$(BIN)/python -m benchmarks.reload

idle: .venv/dev ## measure for a quarter of an hour what a service costs that has nothing to do, and when it sees an edit
	@$(BIN)/python -m benchmarks.idle

format: .venv/dev ## let ruff set the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

snapshots: .venv/dev ## write the golden lists anew; read the diff before you commit it
	@$(BIN)/python -m pytest -q tests --snapshot-update

lock: .venv/dev ## resolve the dependencies of pyproject.toml anew, with hashes
	@$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header --allow-unsafe --extra microsoft365 --extra postgresql --output-file requirements.txt pyproject.toml requirements-build.in
	@$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header --allow-unsafe --constraint requirements.txt --extra microsoft365 --extra postgresql --extra test --extra dev --output-file requirements-dev.txt pyproject.toml

clean: ## remove what make has set up; var/ with your letters stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("arshjul needs Python 3.11 or newer; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: requirements.txt pyproject.toml | .venv/python
	@echo "Setting up .venv (once) …"
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --no-index --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Setting up the test tools (once) …"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/radicale: | .venv/python
	@$(PYTHON) -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check --quiet install "radicale>=3.5"
