# Haowei. `make run` is all a fresh clone needs; every target calls what it needs first, and costs nothing the second time.
#
#   make run        the demo on this machine: SQLite, simulated WeChat, paper in the browser; prints one URL
#   make test       everything, on SQLite and on MariaDB (its own, on a free port)
#   make check      ruff, mypy, import contracts, house rules
#   make bench      what a turn costs, beside a bare Flask echo
#   make soak       minutes of kill -9
#   make rasa       the other engine, learned from nlu_data and started here; needs Python 3.10, 2.7 GB, and an hour or two the first time
#   make test-rasa  what we take for granted of Rasa, against the real one
#   make revision m="what changes"    write the next revision of the tables from the models
#   make setup deps clean

.PHONY: run setup setup-dev deps test check bench soak rasa test-rasa revision clean
.DELETE_ON_ERROR:

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
DEBIAN_PACKAGES := mariadb-server-core mariadb-client-core redis-tools chromium fonts-wqy-zenhei
APT_INSTALL := apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends $(DEBIAN_PACKAGES)

run: setup
	@$(PYTHON) -m haowei demo

setup: $(VENV)/.installed

setup-dev: $(VENV)/.installed-dev

$(PYTHON):
	@for candidate in python3.13 python3.12 python3.11 python3; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Haowei needs Python 3.11 or newer; this machine has $$(python3 --version 2>&1 || echo none)." >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	$$found -m venv $(VENV)

# The folder goes onto the path of the venv, and the command into its bin: no build backend is needed for either.
$(VENV)/.installed: requirements.lock | $(PYTHON)
	@echo "Installing packages into $(VENV), once ..."
	@$(PIP_INSTALL) -r requirements.lock
	@$(PYTHON) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "haowei.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m haowei "$$@"\n' > $(VENV)/bin/haowei
	@chmod +x $(VENV)/bin/haowei
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what tests and checks need, once ..."
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

# What tests need besides Python. These Debian packages hold the programs and start no service.
deps:
	@missing=; PATH="$$PATH:/usr/sbin"; \
	for program in mariadbd mariadb-install-db chromium; do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
	command -v redis-server >/dev/null || command -v redis-check-rdb >/dev/null || missing="$$missing redis-server"; \
	[ -n "$$(fc-list :lang=zh-cn file 2>/dev/null)" ] || missing="$$missing a-chinese-font"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	echo "Missing here:$$missing"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  export DEBIAN_FRONTEND=noninteractive; \
	  $(APT_INSTALL) || { apt-get -o DPkg::Lock::Timeout=120 update && $(APT_INSTALL); }; \
	else \
	  echo "Tests that need them will be skipped. To install them on Debian or Ubuntu:"; \
	  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $(DEBIAN_PACKAGES)"; \
	fi

test: setup-dev deps
	@$(PYTHON) -m pytest -n auto --maxprocesses 8 --dist worksteal -m "not soak"

check: setup-dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports
	@$(PYTHON) -m pytest -q tests/test_architecture.py tests/test_personal_data.py

bench: setup-dev
	@$(PYTHON) -m tests.bench

soak: setup-dev deps
	@$(PYTHON) -m pytest -m soak

# Rasa lives in a Python 3.10 of its own. Its models are kept by what they were learned from: a second start learns nothing.
#   PYTHON310=/path/to/python3.10   where Python 3.10 is, if not on PATH or in pyenv
#   RASA_VENV=/path                 an environment that has Rasa already; it is used as it is
#   HAOWEI_NLU_OVERLAY=/path        a chain's own examples are learned too
RASA_VENV ?= var/rasa/venv
RASA := $(RASA_VENV)/bin/rasa
RASA_PORT ?= 5005
RASA_DATA := nlu_data/config.yml nlu_data/domain.yml nlu_data/rasa.requirements.txt nlu_data/nlu $(wildcard $(HAOWEI_NLU_OVERLAY:%=%/nlu))
rasa test-rasa: export RASA_TELEMETRY_ENABLED := false
rasa test-rasa: export RASA_CACHE_DIRECTORY := $(CURDIR)/var/rasa/cache

rasa: $(RASA_VENV)/.rasa
	@set -eu; \
	learned=$$(find $(RASA_DATA) -type f | LC_ALL=C sort | xargs sha256sum | cut -d' ' -f1 | sha256sum | cut -c1-16); \
	if [ ! -f var/rasa/models/$$learned.tar.gz ]; then \
	  echo "Learning from nlu_data; this takes an hour or two, and the next start none ..."; \
	  rm -rf var/rasa/data && mkdir -p var/rasa/data && number=0; \
	  for folder in $(abspath $(filter %/nlu,$(RASA_DATA))); do number=$$((number + 1)); ln -s $$folder var/rasa/data/$$number; done; \
	  $(RASA) train nlu --nlu var/rasa/data --domain nlu_data/domain.yml --config nlu_data/config.yml \
	    --out var/rasa/learning --fixed-model-name $$learned; \
	  mkdir -p var/rasa/models && mv var/rasa/learning/$$learned.tar.gz var/rasa/models/; \
	fi; \
	(umask 077; [ -s var/rasa/token ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > var/rasa/token); \
	echo "Rasa starts on 127.0.0.1:$(RASA_PORT). To talk to it, in another terminal:"; \
	echo "  HAOWEI_RASA_URL=http://127.0.0.1:$(RASA_PORT) HAOWEI_RASA_TOKEN=\$$(cat var/rasa/token) $(VENV)/bin/haowei nlu chat --engine rasa"; \
	exec $(RASA) run --enable-api --auth-token "$$(cat var/rasa/token)" --interface 127.0.0.1 --port $(RASA_PORT) \
	  --model var/rasa/models/$$learned.tar.gz

test-rasa: setup-dev $(RASA_VENV)/.rasa
	@HAOWEI_TEST_RASA=$(abspath $(RASA)) $(PYTHON) -m pytest tests/rasa

$(RASA_VENV)/.rasa: nlu_data/rasa.requirements.txt
	@if [ "$(origin RASA_VENV)" != file ]; then \
	  [ -x $(RASA) ] && exit 0; echo "RASA_VENV=$(RASA_VENV) has no bin/rasa" >&2; exit 1; \
	fi; \
	found=; for candidate in $(PYTHON310) python3.10 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.10.*/bin/python; do \
	  if $$candidate -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Rasa 3.6 needs Python 3.10 (with its venv module), and none is here." >&2; \
	  echo "  Say where one is:     make $(firstword $(MAKECMDGOALS)) PYTHON310=/path/to/python3.10" >&2; \
	  echo "  or let Docker run it: docker compose --profile rasa up --detach rasa" >&2; exit 1; \
	fi; \
	echo "Installing Rasa into $(RASA_VENV), once: 2.7 GB ..."; \
	rm -rf $(RASA_VENV) && $$found -m venv $(RASA_VENV) && \
	$(RASA_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $< && touch $@

revision: setup-dev
	@test -n "$(m)" || { echo 'say what changes: make revision m="tables get a waiter"' >&2; exit 2; }
	@MESSAGE="$(m)" $(PYTHON) -c 'import os; from domain.storage.revisions import write_revision; from haowei.schema import all_metadata; \
	  print(write_revision(os.environ["MESSAGE"], all_metadata()) or "models and history agree: nothing to write")'
	@$(PYTHON) -m ruff check --quiet --fix domain/storage/migrations
	@$(PYTHON) -m ruff format --quiet domain/storage/migrations

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
