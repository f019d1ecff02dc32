# make run    the demo town on http://localhost:8000 (PORT=… for another; EMPTY=1 for a program of your own)
# make test   the whole suite, on SQLite and PostgreSQL, with the journeys in a browser
# make check  style, types, layers, templates, migrations, guards
# make bench  speed and memory, with ratios

PORT ?= 8000
PYTHON ?= python3 python3.13 python3.12 python3.11
HERE := .venv/bin/python
TOWN := $(if $(EMPTY),var/program,var/demo)

.PHONY: help run test check bench
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

run: .venv/runtime
	@[ -n "$(EMPTY)" ] || [ -e $(TOWN)/demo ] || $(HERE) -m rapport demo --home $(TOWN)
	@exec $(HERE) -m rapport serve --migrate --home $(TOWN) --port $(PORT)

test: .venv/dev
	@exec $(HERE) -m tests.run

check: .venv/dev
	@exec $(HERE) -m tests.check

bench: .venv/dev
	@exec $(HERE) -m bench

# The environment. Stamps say what was installed, so that a second start installs nothing.
.venv/runtime: requirements/runtime.lock.txt pyproject.toml .venv/made
	@echo "Installing what Rapport needs into .venv (once; half a minute or so) …"
	@$(HERE) -m pip install -qq --require-hashes -r requirements/runtime.lock.txt || { \
	  echo "Installing failed: is there a network? For a closed one see docs/recipes/closed-network.md." >&2; exit 1; }
	@$(HERE) -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.lock.txt .venv/runtime
	@echo "Installing what the suite needs into .venv (once) …"
	@$(HERE) -m pip install -qq --require-hashes -r requirements/dev.lock.txt
	@touch $@

.venv/made:
	@if [ -x $(HERE) ] && $(HERE) -m pip --version >/dev/null 2>&1; then touch $@; exit 0; fi; \
	for p in $(PYTHON); do \
	  if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$p; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Rapport needs Python 3.11 or newer; none was found. Name one with: make run PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "This Python has no venv. On Debian and Ubuntu install it with: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version) …"; \
	"$$found" -m venv --clear .venv && touch $@
