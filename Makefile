# One environment, made by the first target that needs it. `make demo` and `make test` work on a new machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-constraints
PIP_OPTIONS := --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test picture unit lint types bench constraints clean

help:  ## What one can make
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/'

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "handledd needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(PIP_OPTIONS) -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## A local chat page with made-up people on http://127.0.0.1:8080
	$(BIN)/handledd demo

test: $(STAMP)  ## Every test; starts the servers and the browser it needs
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" $(BIN)/python -m pytest

picture: $(STAMP)  ## The README's picture, taken of a real conversation in the demo
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		HANDLEDD_TEST_PICTURE=docs/images/conversation.png $(BIN)/python -m pytest tests/acceptance/test_demo_page.py

unit: $(STAMP)  ## The fast tests only
	$(BIN)/python -m pytest tests/unit

lint: $(STAMP)  ## Style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## Types, strictly
	$(BIN)/mypy

bench: $(STAMP)  ## Speed, as ratios against named peers in the same run
	$(BIN)/python -W ignore -m benchmarks.reading

constraints: $(STAMP)  ## Write down the versions that are installed, naming no index address
	@echo "# Every version the tests ran with. Made by 'make constraints'; names no index address." > constraints.txt
	@$(BIN)/pip freeze --exclude-editable | grep -v '@' >> constraints.txt

clean:  ## Take away everything that was made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
