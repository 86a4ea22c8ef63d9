# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A thin front: the first use makes .venv (tests/tools/bootstrap.sh), nox does the rest (noxfile.py).
# Further words go to the tool: make unit ARGS='-k retry -x'

VENV := .venv
# What the quick checks and the unit tests need is installed; and what all checks need.
READY := $(VENV)/.ready
ALL := $(VENV)/.ready-all
NOX := $(VENV)/bin/nox
SIDE_BY_SIDE := $(VENV)/bin/python tests/tools/side_by_side.py
QUICK := ruff lint typing words docs-blocks license-check extra-checks changelog-check
ARGS ?=

# As pip does: trust the machine's certificates. They may have been added to on purpose.
export UV_SYSTEM_CERTS := true

.DEFAULT_GOAL := help
.PHONY: $(shell awk -F : '/^[a-z-]+:/ { print $$1 }' Makefile)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Watch real playbooks answer invites, against the simulator
	@$(VENV)/bin/python -m tests.demo $(ARGS)

test: $(ALL) ## Run every check below (ten minutes on two cores)
	@$(SIDE_BY_SIDE) integration sanity "$(QUICK)" build "ansible-lint workflows" \
		"docs-check docs execution-environment"
	@$(NOX) --session unit

test-matrix: $(ALL) ## Units, sanity, integration on ansible-core 2.16 to 2.22, or ARGS=core-2.19
	@tests/tools/pythons.sh $(VENV)/pythons
	@$(SIDE_BY_SIDE) --tags $(or $(ARGS),$(shell $(NOX) --list --json | grep -o 'core-[0-9.]*' | sort -u))

quick: $(READY) ## The checks that take seconds: style, types, words, licenses, changelog
	@$(NOX) --session $(QUICK)

unit: $(READY) ## Unit tests, with the coverage of plugins/
	@$(NOX) --session unit -- $(ARGS)

fuzz: $(READY) ## Random histories and hostile answers, new ones, for some minutes
	@$(NOX) --session fuzz -- $(ARGS)

bench: $(ALL) ## Compare with ansible.builtin.uri and the SDK (an hour; ARGS=--quick)
	@$(VENV)/bin/python -m tests.benchmark $(ARGS)

lint: $(ALL) ## Formatting, ruff, yamllint, ansible-lint
	@$(NOX) --session ruff lint ansible-lint

typing: $(READY) ## mypy, strict, on plugins/ and tests/
	@$(NOX) --session typing

docs: $(ALL) ## The site of the documentation, in .venv/site/html
	@$(NOX) --session docs

docs-check: $(ALL) ## The modules' documentation, and a few checks of Ansible's community
	@$(NOX) --session docs-check extra-checks

changelog-check: $(READY) ## The changelog and its fragments
	@$(NOX) --session changelog-check

build: $(ALL) ## The artifact, as Galaxy's importer sees it
	@$(NOX) --session build

sanity: $(ALL) ## All sanity tests of ansible-test
	@$(NOX) --session sanity -- $(ARGS)

integration: $(ALL) ## Integration tests against the simulator
	@$(NOX) --session integration -- $(ARGS)

format: $(READY) ## Rewrite the Python files as the checks want them
	@$(NOX) --session format

venv: $(READY) ## Only install what the others need

INSTALL := tests/tools/constraints-dev.txt tests/tools/bootstrap.sh

$(READY): requirements-dev.txt $(INSTALL)
	@tests/tools/bootstrap.sh requirements-dev.txt
	@touch $@

$(ALL): requirements-dev.txt requirements-all.txt $(INSTALL)
	@tests/tools/bootstrap.sh requirements-all.txt
	@touch $(READY) $@

release: $(ALL) ## Make a release: make release VERSION=1.2.3
	@$(NOX) --session release -- $(VERSION)

publish: $(READY) ## Publish on Galaxy what `make build` has built; the workflow for releases does it
	@$(NOX) --session publish

# Not with $(ALL): what is pinned may be too old for what the requirements ask for by now.
lock: $(VENV)/bin/uv ## Pin the newest of what requirements-all.txt allows
	@$< pip compile --quiet --universal --upgrade --python-version=3.11 \
		--output-file=tests/tools/constraints-dev.txt requirements-all.txt

$(VENV)/bin/uv:
	@tests/tools/bootstrap.sh requirements-dev.txt

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) dist .ansible .hypothesis tests/output
