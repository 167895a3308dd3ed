# Every target does its own set-up: `make search` and `make test` are all a new machine needs.
CONFIG ?= search-configs/quick.yaml
ARGS ?=
NPM ?= npm

.PHONY: help setup build search test check bench schema clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

setup: node_modules/.package-lock.json ## Install the packages and build the native engine (if there is a C++ compiler)

node_modules/.package-lock.json: package.json package-lock.json
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

build: setup ## Compile the TypeScript and bring the native engine up to date
	@$(NPM) run --silent build
	@node scripts/build-native.mjs --optional

search: build ## The main job: FEAR against full training (CONFIG=..., ARGS='--set seed=2')
	@node dist/cli/main.js compare $(CONFIG) $(ARGS)

test: build ## Run every test
	@$(NPM) run --silent test

check: build ## Format, lint and type check
	@npx biome check .
	@$(NPM) run --silent types

bench: build ## Training step against PyTorch, and two workers against one
	@node benchmarks/run.mjs

schema: build ## Regenerate the JSON Schema of configuration files
	@node dist/cli/main.js config schema > search-configs/schema/fear-nas.schema.json

clean: ## Remove everything that was built
	rm -rf dist build node_modules
