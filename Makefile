# One environment, made by the first target that needs it. `make demo` and `make test` work on a new machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-constraints
PIP_OPTIONS := --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo playground test new-machine picture recording picture-matrix picture-teams picture-replies picture-guides picture-papers picture-overview docs unit soak lint types bench bench-national scaling constraints clean

help:  ## What one can make
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/'

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "handledd needs Python 3.11 or newer")'
	@echo "Making the environment in $(VENV): some minutes, the first time only ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(PIP_OPTIONS) -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## A local chat page with made-up people on http://127.0.0.1:8080
	$(BIN)/handledd demo

test: $(STAMP)  ## Every test; starts the servers, the browser and the LibreOffice it needs
	@$(BIN)/python -m compileall -q bot handlers schedules storage  # so that no process that a test starts must
	@chromium="$$(scripts/ensure-chromium)" && office="$$(scripts/ensure-libreoffice)" && \
		CHROMIUM="$$chromium" LIBREOFFICE="$$office" $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

new-machine: $(STAMP)  ## A clone in an empty folder with an empty HOME: the README's commands and the guides', installed anew
	$(BIN)/python -m pytest -v drills

picture: $(STAMP)  ## The README's picture, taken of a real conversation in the demo
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		HANDLEDD_TEST_PICTURE=docs/images/conversation.png $(BIN)/python -m pytest tests/acceptance/test_demo_page.py

recording: $(STAMP)  ## The README's recording: a line, a confirmation, a week and Monday's digest in the demo
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		$(BIN)/python -m tests.acceptance.recording docs/images/demo.webp

picture-matrix: $(STAMP)  ## The picture of Matrix in docs/, taken in Hydrogen, a client by Element's makers
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" HANDLEDD_TEST_PICTURE=docs/images/matrix.png \
		$(BIN)/python -m pytest tests/acceptance/test_run_matrix.py -k client

picture-teams: $(STAMP)  ## The picture of Teams in docs/, taken in Microsoft's own test client
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		HANDLEDD_TEST_PICTURE=docs/images/teams.png $(BIN)/python -m pytest tests/acceptance/test_teams_playground.py

playground: $(STAMP)  ## Teams on this machine alone: the bot in Microsoft's own test client, to be tried by hand
	$(BIN)/python -m tests.acceptance.try_teams

picture-replies: $(STAMP)  ## The pictures of each kind of reply in docs/platforms/replies
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		$(BIN)/python -m tests.acceptance.rendered docs/platforms/replies/images

picture-guides: $(STAMP)  ## The pictures of docs/guider, taken in the demo
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" \
		HANDLEDD_TEST_PICTURE=docs/images $(BIN)/python -m pytest tests/acceptance/test_guides.py

docs: $(STAMP)  ## The documentation as pages in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo site/index.html

picture-papers: $(STAMP)  ## The picture of the papers in docs/, of made-up people
	$(BIN)/python -W ignore -m tests.support.paper_picture docs/images/papers.png

picture-overview: $(STAMP)  ## The overview's picture in docs/, of the demo's people
	$(BIN)/python -W ignore -m tests.support.overview_picture docs/images/overview.png

unit: $(STAMP)  ## The fast tests only
	$(BIN)/python -m pytest tests/unit

soak: $(STAMP)  ## Hours: the long column of reliability.md; SEED=n for other moments
	@chromium="$$(scripts/ensure-chromium)" && CHROMIUM="$$chromium" HANDLEDD_SOAK=1 \
		HANDLEDD_TEST_SEED=$(or $(SEED),20261122) HANDLEDD_TEST_KILLS=1000 \
		HANDLEDD_TEST_SEEDS=10000 HANDLEDD_TEST_SEEDS_POSTGRESQL=500 HANDLEDD_TEST_SEED_DAYS=60 \
		HANDLEDD_TEST_MESSAGES=10000 HANDLEDD_TEST_EVENTS=5000 HANDLEDD_TEST_PAUSES=200 \
		$(BIN)/python -m pytest -rP -o timeout=0 tests/reliability tests/acceptance/test_run_killed.py \
		tests/acceptance/test_replicas.py tests/acceptance/test_load.py tests/unit/language \
		tests/contract/slack/test_slack_forged.py tests/contract/telegram/test_telegram_webhook.py \
		tests/contract/teams/test_teams_forged.py tests/contract/test_network.py

lint: $(STAMP)  ## Style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## Types, strictly
	$(BIN)/mypy

bench: $(STAMP)  ## Speed, as ratios against named peers in the same run
	$(BIN)/python -W ignore -m benchmarks.hot_path
	$(BIN)/python -W ignore -m benchmarks.peers
	$(BIN)/python -W ignore -m benchmarks.on_postgres
	$(BIN)/python -W ignore -m benchmarks.reading
	$(BIN)/python -W ignore -m benchmarks.standings
	$(BIN)/python -W ignore -m benchmarks.metronome
	$(BIN)/python -W ignore -m benchmarks.drain
	$(BIN)/python -W ignore -m benchmarks.burst
	$(BIN)/python -W ignore -m benchmarks.start
	$(BIN)/python -W ignore -m benchmarks.digest
	$(BIN)/python -W ignore -m benchmarks.digests
	$(BIN)/python -W ignore -m benchmarks.monday

bench-national: $(STAMP)  ## The same for a nation's trainees; takes two hours, most of it Slack's pace and 200,000 messages
	$(BIN)/python -W ignore -m benchmarks.standings national
	$(BIN)/python -W ignore -m benchmarks.metronome national
	$(BIN)/python -W ignore -m benchmarks.drain national
	$(BIN)/python -W ignore -m benchmarks.burst national
	$(BIN)/python -W ignore -m benchmarks.monday national
	$(BIN)/python -W ignore -m benchmarks.digests national
	$(BIN)/python -W ignore -m benchmarks.start national

scaling: $(STAMP)  ## The national rehearsal of docs/scaling.md, with its pictures
	$(BIN)/python -W ignore -m benchmarks.scaling

constraints: $(STAMP)  ## Write down the versions that are installed, naming no index address
	@echo "# Every version the tests ran with. Made by 'make constraints'; names no index address." > constraints.txt
	@$(BIN)/pip freeze --exclude-editable | grep -v '@' >> constraints.txt

clean:  ## Take away everything that was made
	rm -rf $(VENV) site tests/hydrogen/node_modules build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
