# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The targets create .venv with tests/tools/bootstrap.sh, and run the sessions of noxfile.py.
# ARGS is passed to the tool: make unit ARGS='-k retry -x'

VENV := .venv
# These files exist if the requirements of the quick checks and the unit tests, and those of all
# checks, are installed.
READY := $(VENV)/.ready
ALL := $(VENV)/.ready-all
NOX := $(VENV)/bin/nox
SIDE_BY_SIDE := $(VENV)/bin/python tests/tools/side_by_side.py
QUICK := ruff lint typing words docs-blocks license-check extra-checks changelog-check
LIVE := ansible_collections.community.cloudflare.tests.live
ARGS ?=

# The tests start hundreds of processes. Without bytecode, each of them compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE
# Like pip, let uv trust the certificates of the system, which can include a private CA.
export UV_SYSTEM_CERTS := true

.DEFAULT_GOAL := help
.PHONY: $(shell awk -F : '/^[a-z-]+:/ { print $$1 }' Makefile)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Run the example playbooks against the simulator
	@$(VENV)/bin/python -m tests.demo $(ARGS)

test: $(ALL) ## Run all checks but browser and test-matrix (six minutes on two cores)
	@$(SIDE_BY_SIDE) end-to-end sanity unit integration "ansible-lint workflows" build "$(QUICK)" \
		"docs-check docs execution-environment"

test-matrix: $(ALL) ## Run ansible-test on ansible-core 2.16 to 2.22, or ARGS=core-2.19
	@tests/tools/pythons.sh $(VENV)/pythons
	@$(SIDE_BY_SIDE) --tags $(or $(ARGS),$(shell $(NOX) --list --json | grep -o 'core-[0-9.]*' | sort -u))

quick: $(READY) ## Run the quick checks: style, types, words, licenses, changelog
	@$(SIDE_BY_SIDE) typing "$(filter-out typing,$(QUICK))"

unit: $(READY) ## Run the unit tests, with the coverage of plugins/
	@$(NOX) --session unit -- $(ARGS)

end-to-end: $(ALL) ## Run the tests with ansible-playbook
	@$(NOX) --session end-to-end -- $(ARGS)

browser: $(ALL) ## Test the HTML report, if Chromium is installed
	@$(NOX) --session browser -- $(ARGS)

live: $(READY) ## Compare the simulator with the real API, read-only, with your credentials
	@PYTHONPATH=$(VENV)/tree $(VENV)/bin/python -m $(LIVE) $(ARGS)

fuzz: $(READY) ## Run the property-based tests with many random examples
	@$(NOX) --session fuzz -- $(ARGS)

bench: $(ALL) ## Compare with ansible.builtin.uri and the SDK (one hour; ARGS=--quick)
	@$(VENV)/bin/python -m tests.benchmark $(ARGS)

lint: $(ALL) ## Run ruff, yamllint, and ansible-lint
	@$(NOX) --session ruff lint ansible-lint

typing: $(READY) ## Check the types in plugins/ and tests/ with mypy
	@$(NOX) --session typing

docs: $(ALL) ## Build the documentation site in .venv/site/html
	@$(NOX) --session docs

docs-check: $(ALL) ## Check the documentation of modules, roles, and filters
	@$(NOX) --session docs-check extra-checks

changelog-check: $(READY) ## Check the changelog and its fragments
	@$(NOX) --session changelog-check

build: $(ALL) ## Build the artifact, and check it with Galaxy's importer, and installed
	@$(NOX) --session build

sanity: $(ALL) ## Run the sanity tests of ansible-test
	@$(NOX) --session sanity -- $(ARGS)

integration: $(ALL) ## Run the integration tests of ansible-test against the simulator
	@$(NOX) --session integration -- $(ARGS)

format: $(READY) ## Format the Python files
	@$(NOX) --session format

venv: $(READY) ## Only install the requirements

INSTALL := tests/tools/constraints-dev.txt tests/tools/bootstrap.sh

$(READY): requirements-dev.txt $(INSTALL)
	@tests/tools/bootstrap.sh requirements-dev.txt
	@touch $@

$(ALL): requirements-dev.txt requirements-all.txt $(INSTALL)
	@tests/tools/bootstrap.sh requirements-all.txt
	@touch $(READY) $@

release: $(ALL) ## Prepare a release: make release VERSION=1.2.3
	@$(NOX) --session release -- $(VERSION)

publish: $(READY) ## Publish the artifact on Galaxy (used by the release workflow)
	@$(NOX) --session publish

# Does not depend on $(ALL): the pinned versions can be older than the requirements allow.
lock: $(VENV)/bin/uv ## Pin the newest versions that requirements-all.txt allows
	@$< pip compile --quiet --universal --upgrade --python-version=3.11 \
		--output-file=tests/tools/constraints-dev.txt requirements-all.txt

$(VENV)/bin/uv:
	@tests/tools/bootstrap.sh requirements-dev.txt

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) dist .ansible .hypothesis tests/output community-cloudflare-*.tar.gz
