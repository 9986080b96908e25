# make run   set up, build the specimen index, show one query, serve the page
# make test  set up, with a browser where one can be had, run all tests
# make setup set up alone
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SPECIMEN := kashshaf-index

.PHONY: run test setup check clean browser

setup: $(VENV)/ready

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kashshaf needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another one: make PYTHON=python3.12 setup"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment can be made. On Debian: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps -r requirements.lock
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

test: setup browser
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf $(SPECIMEN) $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
