# Everything, on a machine with Python 3.11 or newer and nothing else: `make run`, `make test`.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
FRESH := build/constraints
# Where to take torch from, and torch alone. Without it: where everything comes from, unless that is the build for
# CUDA on a machine without an NVIDIA GPU, which then goes without torch. See docs/getting-started.md.
TORCH_INDEX ?=
TORCH = $(shell ls -d $(VENV)/lib/python*/site-packages/torch 2>/dev/null)
INSTALL_TORCH = -m inventoryai_lstm.install_torch $(addprefix --index-url=,$(TORCH_INDEX))
PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
DISTRIBUTIONS := . ./adapters $(addprefix ./,$(PLUGINS))
# What is compiled has to be installed anew when it changes.
NATIVE := $(wildcard plugins/*/setup.py plugins/*/native/*.[ch] plugins/*/native/*/*.[ch])

# The first Python that is new enough; `make install PYTHON=/path/to/python` takes another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$one" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$one" && break; done)

.DEFAULT_GOAL := help
.PHONY: again help install run test lint code types walls dependencies docs bench chaos constraints clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

install: $(INSTALLED) ## everything into .venv; quick when nothing has changed

# The marker is written last, so that an install that was interrupted is done again; and so is one without torch as
# soon as it is said where torch is.
$(INSTALLED): constraints.txt $(DISTRIBUTIONS:%=%/pyproject.toml) $(NATIVE) $(if $(TORCH_INDEX),$(if $(TORCH),,again))
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found." >&2; exit 1; }
	@echo "Installing into $(VENV); the first time takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt pip
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --build-constraint constraints.txt \
		$(DISTRIBUTIONS:%=--editable %) --group dev
	@$(BIN)/python $(INSTALL_TORCH) --constraint=constraints.txt
	@touch $@

again:

run: install ## the whole system with a demo company; Ctrl-C stops it
	@$(BIN)/inventoryai up --demo

# A few files at a time, each process with a database and a queue of its own.
test: lint ## everything that is checked: style, types, walls, documentation, and all tests
	@$(BIN)/pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile

lint: code types walls dependencies docs ## all that is checked without running anything

code: install
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

# Plugins one by one, as their authors would: the tests of two of them may share their names. Without torch there is
# nothing to check its users against.
types: install
	@$(BIN)/mypy inventoryai adapters tests
	@for plugin in $(if $(TORCH),$(PLUGINS),$(filter-out plugins/lstm,$(PLUGINS))); do \
		$(BIN)/mypy $$plugin || exit 1; done

walls: install
	@$(BIN)/lint-imports

dependencies: install
	@for one in $(DISTRIBUTIONS); do (cd $$one && $(CURDIR)/$(BIN)/deptry .) || exit 1; done

# Not --quiet, under which mkdocs does not count the warnings that it should fail on.
docs: install ## the documentation, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: install ## how fast the parts are on this machine
	@for one in tests/benchmarks/[a-z]*.py; do echo "$$one"; $(BIN)/python "$$one" || exit 1; done

chaos: install ## only the tests that kill real processes
	@$(BIN)/pytest -m chaos

# Made in a clean environment, from what the distributions and the tools ask for; of torch, the version without its build.
constraints: ## the newest versions that fit, into constraints.txt; run the tests afterwards
	@rm -rf $(FRESH) && $(PYTHON) -m venv $(FRESH)
	@$(FRESH)/bin/python -m pip install --quiet --upgrade pip
	@$(FRESH)/bin/python -m pip install --quiet $(DISTRIBUTIONS:%=--editable %) --group dev hatchling editables setuptools
	@$(FRESH)/bin/python $(INSTALL_TORCH)
	@{ sed '/^[^#]/,$$d' constraints.txt; \
		$(FRESH)/bin/python -m pip freeze --all --exclude-editable | sed 's/+.*//' | LC_ALL=C sort -f; } > $(FRESH)/made
	@mv $(FRESH)/made constraints.txt && rm -rf $(FRESH)

clean: ## removes what can be made again, the virtual environment included
	@rm -rf $(VENV) site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
