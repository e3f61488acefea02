# Chairlink. `make` without a target lists all targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PORT ?= 8000
CODE := layers/common/bookings functions contract local deploy tests benchmarks

# The first installed Python that is new enough. PYTHON=/path/to/python3 selects another one.
EXIT_1_IF_TOO_OLD := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 "$$HOME"/.pyenv/versions/3.1[1-9]*/bin/python3; do \
	"$$each" -c '$(EXIT_1_IF_TOO_OLD)' 2>/dev/null && { echo "$$each"; break; }; done)
# The Python version of the Lambda functions, if it is installed.
LAMBDA_PYTHON := $(shell for each in python3.13 "$$HOME"/.pyenv/versions/3.13.*/bin/python3; do \
	"$$each" -c '$(EXIT_1_IF_TOO_OLD)' 2>/dev/null && { echo "$$each"; break; }; done)

# LAMBDA_PYTHON, if its version differs from that of PYTHON.
SECOND_PYTHON := $(if $(and $(PYTHON),$(LAMBDA_PYTHON)),$(shell \
	[ "$$($(LAMBDA_PYTHON) -V)" = "$$($(PYTHON) -V)" ] || echo "$(LAMBDA_PYTHON)"))

DEV := .venv/dev/.ready
# The environment for the tests without the stack: with the Python of Lambda if it is installed.
LAMBDA_DEV := $(if $(SECOND_PYTHON),.venv/dev-of-lambda/.ready,$(DEV))
EMULATOR := .venv/emulator/.ready
SAM := .venv/sam/.ready
NODE := .venv/node/.ready
CLIENT := .venv/client/.ready
SCHEMATHESIS := .venv/schemathesis/.ready
WEB_LIBRARIES := web/node_modules/.ready
LINTER := contract/lint/node_modules/.ready
WEB_BUNDLES := web/vendor/.ready
UV := .venv/uv/bin/uv
RUN := .venv/dev/bin/python -m

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(DEV) $(EMULATOR) $(SAM) $(WEB_BUNDLES) ## Run the whole system on this machine, at http://127.0.0.1:8000 (PORT=8001 for another port)
	@PORT=$(PORT) $(RUN) local run

.PHONY: reset
reset: $(DEV) ## Delete the state that `make run` keeps between runs
	@$(RUN) local reset

.PHONY: repeat-misfits
repeat-misfits: $(DEV) ## Submit nine requests for the same hour to the running stack, which leads to a finding
	@PORT=$(PORT) $(RUN) local.create_demo_finding

.PHONY: test
test: $(DEV) $(EMULATOR) $(SAM) $(WEB_BUNDLES) $(LAMBDA_DEV) $(CLIENT) $(SCHEMATHESIS) ## Run all tests: with the stack, in a browser, and without the stack on the Python of Lambda
	@echo "Test runs in parallel. Each prints its output when it ends."
	@$(MAKE) --jobs=2 --keep-going --output-sync=target test-stack test-code test-web

.PHONY: test-stack
test-stack:
	@echo "Tests with the stack and in a browser"
	@$(RUN) pytest -q -m "e2e and not soak"

.PHONY: test-code
test-code:
	@echo "Tests without the stack on $$($(dir $(LAMBDA_DEV))bin/python -V)"
	@$(dir $(LAMBDA_DEV))bin/python -m pytest -q -m "not e2e and not soak"

.PHONY: test-unit
test-unit: $(DEV) ## Run the unit tests alone: no emulator, no browser
	@$(RUN) pytest -q tests/unit -m "not soak"

.PHONY: test-web
test-web: $(WEB_BUNDLES) ## Run the unit tests of the pages' modules in node's test runner
	@.venv/node/bin/node --test --test-reporter=dot web/tests/

.PHONY: test-here
test-here: $(DEV) $(EMULATOR) ## Run the tests without the stack on PYTHON too, if its version differs from Lambda's
ifneq ($(LAMBDA_DEV),$(DEV))
	@echo "Tests without the stack on $$(.venv/dev/bin/python -V)"
	@$(RUN) pytest -q -m "not e2e and not soak"
endif

.PHONY: check
check: $(DEV) $(SAM) $(WEB_BUNDLES) $(LINTER) ## Check style, types, import rules, template and OpenAPI document
	@.venv/dev/bin/ruff check
	@.venv/dev/bin/ruff format --check
	@.venv/dev/bin/mypy $(wildcard $(CODE))
	@PYTHONPATH=layers/common:. .venv/dev/bin/lint-imports
	@PYTHONPATH=layers/common $(RUN) contract check
	@.venv/node/bin/node contract/lint/node_modules/@stoplight/spectral-cli/dist/index.js lint docs/openapi.json -r contract/lint/spectral.mjs --fail-severity=warn -q
	@.venv/node/bin/node web/node_modules/typescript/bin/tsc --project web
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=ca-central-1 .venv/sam/bin/sam validate --lint

.PHONY: web
web: $(WEB_BUNDLES) ## Bundle the libraries of the web pages, in the locked versions

.PHONY: openapi
openapi: $(DEV) ## Generate docs/openapi.json from the template's routes and the models in code
	@PYTHONPATH=layers/common $(RUN) contract write

.PHONY: bench
bench: $(DEV) $(EMULATOR) $(SAM) ## Measure cold starts and package sizes
	@$(RUN) benchmarks

.PHONY: bench-import
bench-import: $(DEV) $(EMULATOR) ## Measure the first import of 20,000 appointments (COUNT=1000 for fewer)
	@PYTHONPATH=layers/common $(RUN) benchmarks.initial_pms_import

.PHONY: bench-matching
bench-matching: $(DEV) ## Measure matching on public data, compared with two baselines
	@$(RUN) benchmarks.matching

.PHONY: soak
soak: $(DEV) $(EMULATOR) $(SAM) $(SCHEMATHESIS) ## Run the long tests: thousands of races, and a fault at every step
	@$(RUN) pytest -q -m soak

.PHONY: deploy
deploy: $(DEV) $(SAM) $(WEB_BUNDLES) ## Build and deploy to AWS, with the web pages: make deploy STAGE=staging
	@case "$(STAGE)" in staging|production) ;; *) echo "chairlink: STAGE is missing; run make deploy STAGE=staging (or production)" >&2; exit 2;; esac
	@[ -n "$(LAMBDA_PYTHON)" ] || { echo "chairlink: the functions run on Python 3.13; install python3.13 to build them" >&2; exit 1; }
	@PATH="$$(dirname "$$($(LAMBDA_PYTHON) -c 'import sys; print(sys.executable)')"):$$PATH" .venv/sam/bin/sam build --config-env $(STAGE)
	@$(LAMBDA_PYTHON) -m deploy.optimize_build .aws-sam/build
	@.venv/sam/bin/sam deploy --config-env $(STAGE)
	@$(RUN) deploy.upload_pages $(STAGE)

.PHONY: lock
lock: $(UV) ## Lock the newest allowed version of each dependency, with hashes
	@$(LOCK) pyproject.toml -o layers/common/requirements.txt
	@$(LOCK) pyproject.toml --group dev -c layers/common/requirements.txt -o requirements/dev.txt
	@$(LOCK) --group charts -o layers/charts/requirements.txt
	@for group in client emulator node sam schemathesis uv; do $(LOCK) --group $$group -o requirements/$$group.txt; done
	@$(MAKE) $(NODE)
	@cd web && ../.venv/node/bin/npm update --package-lock-only --silent
	@cd contract/lint && ../../.venv/node/bin/npm update --package-lock-only --silent

LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# ---------------------------------------------------------------- environments, rebuilt when their lock file changes
# $(call install,NAME,PYTHON,LOCK): create the virtual environment .venv/NAME with exactly the packages in LOCK.
define install
	@echo "Installing $(3) into .venv/$(1) …"
	@$(UV) venv --quiet --clear --python $(2) .venv/$(1)
	@$(UV) pip sync --quiet --require-hashes --python .venv/$(1)/bin/python $(3) 2>.venv/$(1).log || $(call explain_failure,.venv/$(1).log)
	@rm -f .venv/$(1).log && touch .venv/$(1)/.ready
endef

# $(call explain_failure,LOG): print the reason of a failed installation in one line.
explain_failure = { if grep -qiE "connect|resolve|dns|timed out|retries" $(1); then reason="the packages could not be downloaded; check the network connection"; \
	else reason="$$(grep -m1 -E 'rror|×' $(1) || echo 'the installation failed')"; fi; echo "chairlink: $$reason (full log: $(1))" >&2; exit 1; }

$(DEV): requirements/dev.txt | $(UV)
	$(call install,dev,$(PYTHON),$<)

.venv/dev-of-lambda/.ready: requirements/dev.txt | $(UV)
	$(call install,dev-of-lambda,$(LAMBDA_PYTHON),$<)

$(EMULATOR): requirements/emulator.txt | $(UV)
	$(call install,emulator,$(PYTHON),$<)

$(SAM): requirements/sam.txt | $(UV)
	$(call install,sam,$(PYTHON),$<)

$(CLIENT): requirements/client.txt | $(UV)
	$(call install,client,$(PYTHON),$<)

$(SCHEMATHESIS): requirements/schemathesis.txt | $(UV)
	$(call install,schemathesis,$(PYTHON),$<)

$(NODE): requirements/node.txt | $(UV)
	$(call install,node,$(PYTHON),$<)

$(WEB_LIBRARIES): web/package-lock.json | $(NODE)
	@echo "Installing $< into web/node_modules …"
	@cd web && ../.venv/node/bin/npm ci --silent >../.venv/npm.log 2>&1 || $(call explain_failure,../.venv/npm.log)
	@rm -f .venv/npm.log && touch $@

$(LINTER): contract/lint/package-lock.json | $(NODE)
	@echo "Installing $< into contract/lint/node_modules …"
	@cd contract/lint && ../../.venv/node/bin/npm ci --silent >../../.venv/npm.log 2>&1 || $(call explain_failure,../../.venv/npm.log)
	@rm -f .venv/npm.log && touch $@

$(WEB_BUNDLES): $(WEB_LIBRARIES) web/bundle_libraries.js docs/openapi.json
	@echo "Bundling the libraries of the web pages into web/vendor …"
	@.venv/node/bin/node web/bundle_libraries.js
	@touch $@

$(UV): requirements/uv.txt
	@[ -n "$(PYTHON)" ] || { echo "chairlink: Python 3.11 or newer was not found; name one with PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c '$(EXIT_1_IF_TOO_OLD)' || { echo "chairlink: $(PYTHON) is older than Python 3.11; name another one with PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Installing $< into .venv/uv …"
	@rm -rf .venv/uv && mkdir -p .venv
	@$(PYTHON) -m venv .venv/uv >.venv/uv.log 2>&1 || $(call explain_failure,.venv/uv.log)
	@.venv/uv/bin/python -m pip install --quiet --require-hashes -r $< >.venv/uv.log 2>&1 || $(call explain_failure,.venv/uv.log)
	@rm -f .venv/uv.log && touch $@
