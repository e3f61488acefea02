# Chairlink. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PORT ?= 8000
CODE := layers/common/bookings functions contract local deploy tests benchmarks

# The first Python here that is new enough; PYTHON=... names another.
OLD_PYTHON := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 "$$HOME"/.pyenv/versions/3.1[1-9]*/bin/python3; do \
	"$$each" -c '$(OLD_PYTHON)' 2>/dev/null && { echo "$$each"; break; }; done)
# Another Python to test with, where there is one: what Lambda runs.
PYTHON_OF_LAMBDA := $(shell for each in python3.13 "$$HOME"/.pyenv/versions/3.13.*/bin/python3; do \
	"$$each" -c '$(OLD_PYTHON)' 2>/dev/null && { echo "$$each"; break; }; done)

# The same, unless it is the very one that everything runs on.
OTHER_PYTHON := $(if $(and $(PYTHON),$(PYTHON_OF_LAMBDA)),$(shell \
	[ "$$($(PYTHON_OF_LAMBDA) -V)" = "$$($(PYTHON) -V)" ] || echo "$(PYTHON_OF_LAMBDA)"))

DEV := .venv/dev/.ready
# What runs the tests as Lambda would: its own Python where that is installed, or else the one there is.
LAMBDAS := $(if $(OTHER_PYTHON),.venv/dev-of-lambda/.ready,$(DEV))
EMULATOR := .venv/emulator/.ready
SAM := .venv/sam/.ready
NODE := .venv/node/.ready
LIBRARIES := web/node_modules/.ready
WEB := web/vendor/.ready
UV := .venv/uv/bin/uv
RUN := .venv/dev/bin/python -m

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(DEV) $(EMULATOR) $(SAM) $(WEB) ## Run everything on this machine: http://127.0.0.1:8000 (PORT=8001 for another port)
	@PORT=$(PORT) $(RUN) local run

.PHONY: reset
reset: $(DEV) ## Empty what `make run` keeps between its runs
	@$(RUN) local reset

.PHONY: repeat-misfits
repeat-misfits: $(DEV) ## Let nine patients ask the running demo for the same hour, so that there is a finding to see
	@PORT=$(PORT) $(RUN) local.create_demo_finding

.PHONY: test
test: $(DEV) $(EMULATOR) $(SAM) $(WEB) $(LAMBDAS) ## Run all tests: against the running stack, in a browser, and without them on what Lambda runs
	@echo "Runs side by side; each shows its output when it is over."
	@$(MAKE) --jobs=2 --keep-going --output-sync=target test-stack test-code

.PHONY: test-stack
test-stack:
	@echo "Tests against the running stack and in a browser"
	@$(RUN) pytest -q -m "e2e and not soak"

.PHONY: test-code
test-code:
	@echo "Tests without the stack on $$($(dir $(LAMBDAS))bin/python -V)"
	@$(dir $(LAMBDAS))bin/python -m pytest -q -m "not e2e and not soak"

.PHONY: test-here
test-here: $(DEV) $(EMULATOR) ## Run the tests without the stack on the Python that everything here runs on, if that is another
ifneq ($(LAMBDAS),$(DEV))
	@echo "Tests without the stack on $$(.venv/dev/bin/python -V)"
	@$(RUN) pytest -q -m "not e2e and not soak"
endif

.PHONY: check
check: $(DEV) $(SAM) $(WEB) ## Lint, types, directions of imports, template, OpenAPI document
	@.venv/dev/bin/ruff check
	@.venv/dev/bin/ruff format --check
	@.venv/dev/bin/mypy $(wildcard $(CODE))
	@PYTHONPATH=layers/common .venv/dev/bin/lint-imports
	@PYTHONPATH=layers/common $(RUN) contract check
	@.venv/node/bin/node web/node_modules/typescript/bin/tsc --project web
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=ca-central-1 .venv/sam/bin/sam validate --lint

.PHONY: web
web: $(WEB) ## Pack the libraries that the pages stand on, from the locked manifest

.PHONY: openapi
openapi: $(DEV) ## Write docs/openapi.json from the template's routes and the code's models
	@PYTHONPATH=layers/common $(RUN) contract write

.PHONY: bench
bench: $(DEV) $(EMULATOR) $(SAM) ## Measure round trips, capacity, cold starts and sizes; prints ratios
	@$(RUN) benchmarks

.PHONY: bench-import
bench-import: $(DEV) $(EMULATOR) ## Measure a first import of 20,000 appointments in batches (COUNT=1000 for fewer)
	@PYTHONPATH=layers/common $(RUN) benchmarks.initial_pms_import

.PHONY: bench-matching
bench-matching: $(DEV) ## Measure matching on public data, beside two baselines
	@$(RUN) benchmarks.matching

.PHONY: soak
soak: $(DEV) $(EMULATOR) $(SAM) ## The long campaigns: races by the thousand, faults at every step
	@$(RUN) pytest -q -m soak

.PHONY: deploy
deploy: $(DEV) $(SAM) $(WEB) ## Build and deploy to AWS, pages too: make deploy STAGE=staging
	@case "$(STAGE)" in staging|production) ;; *) echo "chairlink: say which stage: make deploy STAGE=staging (or production)" >&2; exit 2;; esac
	@[ -n "$(PYTHON_OF_LAMBDA)" ] || { echo "chairlink: python3.13, for which the functions are built, is not installed" >&2; exit 1; }
	@PATH="$$(dirname "$$($(PYTHON_OF_LAMBDA) -c 'import sys; print(sys.executable)')"):$$PATH" .venv/sam/bin/sam build --config-env $(STAGE)
	@$(PYTHON_OF_LAMBDA) -m deploy.optimize_build .aws-sam/build
	@.venv/sam/bin/sam deploy --config-env $(STAGE)
	@$(RUN) deploy.upload_pages $(STAGE)

.PHONY: lock
lock: $(UV) ## Lock the newest allowed version of every dependency, with hashes
	@$(LOCK) pyproject.toml -o layers/common/requirements.txt
	@$(LOCK) pyproject.toml --group dev -c layers/common/requirements.txt -o requirements/dev.txt
	@$(LOCK) --group charts -o layers/charts/requirements.txt
	@for group in emulator node sam uv; do $(LOCK) --group $$group -o requirements/$$group.txt; done
	@$(MAKE) $(NODE)
	@cd web && ../.venv/node/bin/npm update --package-lock-only --silent

LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# ---------------------------------------------------------------- environments, rebuilt when their lock changes
# $(call install,NAME,PYTHON,LOCK): a virtual environment that holds exactly what its lock says.
define install
	@echo "Installing $(3) into .venv/$(1) …"
	@$(UV) venv --quiet --clear --python $(2) .venv/$(1)
	@$(UV) pip sync --quiet --require-hashes --python .venv/$(1)/bin/python $(3) 2>.venv/$(1).log || $(call blame,.venv/$(1).log)
	@rm -f .venv/$(1).log && touch .venv/$(1)/.ready
endef

# One line instead of the installer's many.
blame = { if grep -qiE "connect|resolve|dns|timed out|retries" $(1); then why="the packages could not be downloaded: is there a network?"; \
	else why="$$(grep -m1 -E 'rror|×' $(1) || echo 'it failed')"; fi; echo "chairlink: $$why (the whole story: $(1))" >&2; exit 1; }

$(DEV): requirements/dev.txt | $(UV)
	$(call install,dev,$(PYTHON),$<)

.venv/dev-of-lambda/.ready: requirements/dev.txt | $(UV)
	$(call install,dev-of-lambda,$(PYTHON_OF_LAMBDA),$<)

$(EMULATOR): requirements/emulator.txt | $(UV)
	$(call install,emulator,$(PYTHON),$<)

$(SAM): requirements/sam.txt | $(UV)
	$(call install,sam,$(PYTHON),$<)

$(NODE): requirements/node.txt | $(UV)
	$(call install,node,$(PYTHON),$<)

$(LIBRARIES): web/package-lock.json | $(NODE)
	@echo "Installing $< into web/node_modules …"
	@cd web && ../.venv/node/bin/npm ci --silent >../.venv/npm.log 2>&1 || $(call blame,../.venv/npm.log)
	@rm -f .venv/npm.log && touch $@

$(WEB): $(LIBRARIES) web/pack.js docs/openapi.json
	@echo "Packing the pages' libraries into web/vendor …"
	@.venv/node/bin/node web/pack.js
	@touch $@

$(UV): requirements/uv.txt
	@[ -n "$(PYTHON)" ] || { echo "chairlink: Python 3.11 or newer is needed and none was found; PYTHON=/path/to/python3 names one" >&2; exit 1; }
	@$(PYTHON) -c '$(OLD_PYTHON)' || { echo "chairlink: $(PYTHON) is older than Python 3.11; PYTHON=/path/to/python3 names another" >&2; exit 1; }
	@echo "Installing $< into .venv/uv …"
	@rm -rf .venv/uv && mkdir -p .venv
	@$(PYTHON) -m venv .venv/uv >.venv/uv.log 2>&1 || $(call blame,.venv/uv.log)
	@.venv/uv/bin/python -m pip install --quiet --require-hashes -r $< >.venv/uv.log 2>&1 || $(call blame,.venv/uv.log)
	@rm -f .venv/uv.log && touch $@
