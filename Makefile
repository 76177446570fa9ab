# Everything runs in .venv, made from the hashed requirements when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
CONFIG ?= config/aggregator.toml

.PHONY: run test check format soak bench bench-freshness eval eval-offline docs requirements clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 20

run: .venv/installed  ## start the daemon with config/aggregator.toml
	$(BIN)/aggregator run -c $(CONFIG)

test: .venv/installed  ## the fast tests
	$(BIN)/pytest -m "not soak"

check: .venv/installed  ## formatting, lint, types, import layers, file lengths
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@long=$$(git ls-files '*.py' | xargs wc -l | awk '$$2 != "total" && $$1 > 300'); \
	  if [ -n "$$long" ]; then echo "over 300 lines:"; echo "$$long"; exit 1; fi

format: .venv/installed  ## format and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

soak: .venv/installed  ## the long tests, and ten simulated days of 2,000 feeds
	$(BIN)/pytest -m soak

bench: .venv/installed  ## feeds per second, CPU and memory beside reader
	$(BIN)/python -m bench.polling
	$(BIN)/python -m bench.stages
	$(BIN)/python -m bench.revalidation
	$(BIN)/python -m bench.commit
	$(BIN)/python -m bench.fleet
	$(BIN)/python -m bench.export
	$(BIN)/python -m bench.enrich
	$(BIN)/python -m bench.loading
	$(BIN)/python -m bench.site --records 100000
	$(BIN)/python -m bench.beside

bench-freshness: .venv/installed  ## how soon entries are found with as many requests, beside the schedules of others
	$(BIN)/python -m bench.freshness

eval: .venv/installed  ## every measure of quality beside its goal, and what a corpus of real feeds gives, in ../shared/corpus
	$(BIN)/python -m bench.real_feeds
	@missed=; for measure in body_gold extract_gold quality neardup labelled clusters; do \
	  echo; echo "bench.$$measure"; $(BIN)/python -m bench.$$measure || missed="$$missed $$measure"; done; \
	  if [ -n "$$missed" ]; then echo; echo "goals missed:$$missed"; exit 1; fi

eval-offline: .venv/installed  ## the same, and the tests of the enrichers, without any network (needs unshare, of util-linux)
	unshare --map-root-user --net $(MAKE) --no-print-directory eval
	unshare --map-root-user --net $(BIN)/pytest -q tests/enrich/test_contract.py tests/enrich/test_golden.py

docs: .venv/installed  ## the pages of docs/ as a site in build/docs; a warning is an error
	$(BIN)/python -m sphinx -q -n -W --keep-going -b html docs build/docs

requirements: .venv/installed  ## pin the newest versions that pyproject.toml allows
	$(BIN)/pip-compile -q --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt pyproject.toml
	$(BIN)/pip-compile -q --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header --extra dev \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -c requirements.txt \
	  -o requirements-dev.txt pyproject.toml

.venv/installed: pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "aggregator needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "this Python has no venv: on Debian, apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:  ## remove the environment and what tools left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis bench/.peer
