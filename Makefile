# SPDX-FileCopyrightText: 2026 gpgpu.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every target works from a fresh clone: it makes what it needs, once. `make` alone lists the targets.
# Everything made lies in .venv and .build; `make clean` removes both.

PYTHON ?= python3
BIN := .venv/bin
AMAZON_AWS := .build/collections/ansible_collections/amazon/aws/MANIFEST.json
LIVE := .build/collections/ansible_collections/gpgpu/aws
TYPED := $(LIVE)/plugins sandbox tools tests workloads extensions $(wildcard benchmarks)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHON
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Use
.PHONY: demo
demo: environment ## Rent, prove, use and remove a GPU machine in the sandbox: no account, no cost
	@tools/demo $(ARGS)

.PHONY: environment
environment: prerequisites .venv/demo.stamp $(AMAZON_AWS) ## Install what the playbooks and the sandbox need into the clone
	@python -m tools.live_tree

.PHONY: prerequisites
prerequisites:
	@tools/check_prerequisites

.venv/bin/python: | prerequisites
	@echo "Making .venv with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv .venv

.venv/demo.stamp: requirements/demo.txt | .venv/bin/python
	@echo "Installing $< into .venv"
	@$(PIP_INSTALL) $< && touch $@

.venv/test.stamp: requirements/test.txt | .venv/demo.stamp
	@echo "Installing $< into .venv"
	@$(PIP_INSTALL) $< && touch $@

$(AMAZON_AWS): requirements/collections.txt | .venv/demo.stamp
	@echo "Installing amazon.aws into .build/collections"
	@python -m tools.amazon_aws

##@ Test
.PHONY: test
test: test-environment ## Run every check below, side by side, and print a summary
	@python -m tools.checks

.PHONY: test-environment
test-environment: environment .venv/test.stamp

.PHONY: lint lint-python lint-types lint-yaml lint-ansible lint-licences lint-changelog lint-docs
lint: lint-python lint-types lint-yaml lint-ansible lint-licences lint-changelog lint-docs ## All linters
lint-python: test-environment
	@ruff check --quiet . && ruff format --quiet --check .
lint-types: test-environment
	@mypy $(TYPED)
lint-yaml: test-environment
	@yamllint --strict .
lint-ansible: test-environment
	@ansible-lint --offline
lint-licences: test-environment
	@reuse lint --quiet || reuse lint
lint-changelog: test-environment
	@antsibull-changelog lint
lint-docs: test-environment
	@cd $(LIVE) && ANSIBLE_COLLECTIONS_PATH='$(CURDIR)/.build/collections' antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .

.PHONY: unit contracts sandbox integration workloads tooling
unit: test-environment ## Unit tests of the collection
	@pytest tests/unit $(ARGS)
contracts: test-environment ## What must agree: defaults, argument specs, READMEs, action groups, sizes
	@pytest tests/contracts $(ARGS)
sandbox: test-environment ## Tests of the sandbox
	@pytest tests/sandbox $(ARGS)
integration: test-environment ## The modules and playbooks against the sandbox's API
	@pytest tests/integration $(ARGS)
workloads: test-environment ## Tests of the computations, against published posteriors
	@pytest tests/workloads $(ARGS)
tooling: test-environment ## Tests of this Makefile's tools
	@pytest tests/tooling $(ARGS)

.PHONY: faults
faults: test-environment ## Kill controllers at every call and disturb them at random: nothing may leak (SCHEDULES=n SEED=n)
	@PYTHONPATH=.build/collections python -m tests.faults --schedules $(or $(SCHEDULES),1000) --seed $(or $(SEED),1) \
		$(if $(ONLY),--only $(ONLY))

.PHONY: sanity
sanity: stage test-environment ## ansible-test sanity on the staged copy
	@python -m tools.sanity

.PHONY: molecule
molecule: test-environment ## The main job under molecule, in a sandbox
	@molecule test $(ARGS); status=$$?; python -m sandbox down --name molecule >/dev/null; exit $$status

##@ Work
.PHONY: format
format: test-environment ## Write Python code in its usual form
	@ruff check --quiet --fix-only . ; ruff format --quiet .

.PHONY: bench
bench: test-environment ## Measure launch and teardown beside plain boto3 and a plain playbook
	@python -m benchmarks $(ARGS)

.PHONY: bench-regions
bench-regions: test-environment ## Measure the search for a machine in more and more regions
	@python -m benchmarks.regions $(ARGS)

.PHONY: stage build
stage: environment
	@python -m tools.stage
build: stage ## Build the collection's tarball and list what is in it
	@python -m tools.build

.PHONY: lock
lock: test-environment ## Resolve requirements/*.in into requirements/*.txt
	@python -m tools.lock $(ARGS)

.PHONY: clean
clean: ## Remove what was made: .venv and .build
	@rm -rf .venv .build

.PHONY: help
help:
	@awk -f tools/help.awk $(MAKEFILE_LIST)
