# Every target does its own set-up: `make search` and `make test` are all a new machine needs.
CONFIG ?= search-configs/quick.yaml
ARGS ?=
NPM ?= npm

.PHONY: help setup setup-tensorflow build search reproduce reproduce-quick test check bench wasm soak kill-cycles mutations sanitize schema clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup: node_modules/.package-lock.json ## Install the packages, add TensorFlow where there is a GPU
	@scripts/setup-tensorflow.sh --if-gpu

setup-tensorflow: node_modules/.package-lock.json ## Add TensorFlow's library, for the GPU if there is one (400 MB; 3.6 GB for new GPUs)
	@scripts/setup-tensorflow.sh

node_modules/.package-lock.json: package.json package-lock.json
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

build: setup ## Compile the TypeScript and bring the native engine up to date
	@$(NPM) run --silent build
	@node scripts/build-native.mjs --optional

search: build ## The main job: FEAR against full training (CONFIG=..., ARGS='--set seed=2')
	@node dist/cli/main.js compare $(CONFIG) $(ARGS)

reproduce: build ## The reference run again, from nothing: an hour or more (docs/results.md)
	@scripts/reproduce.sh search-configs/reference-fashion.yaml results/reproduce/fashion

reproduce-quick: build ## The same at a small scale: minutes
	@scripts/reproduce.sh search-configs/baselines.yaml results/reproduce/quick

test: build ## Run every test
	@$(NPM) run --silent test

check: build ## Format, lint and type check
	@npx biome check .
	@$(NPM) run --silent types

bench: build ## Time the engine beside PyTorch, the driver and two workers (ARGS=--quick)
	@node benchmarks/run.mjs $(ARGS)

wasm: ## Compile native/ to native/wasm/fear_nas.wasm, to be committed (needs clang 19: see scripts/build-wasm.mjs)
	@node scripts/build-wasm.mjs

soak: build ## Memory over a search of thousands of trials
	@node --gc-global --max-semi-space-size=4 benchmarks/soak.mjs $(ARGS)

kill-cycles: build ## Kill a run 200 times, resume it, and compare (ARGS='--kills 50 --seed 2'; --train: a training)
	@node benchmarks/kill-cycles.mjs $(ARGS)

mutations: build ## Damage 15,000 data files and read them: no crash, no hang, no memory (ARGS='--count 500')
	@node benchmarks/mutate-inputs.mjs $(ARGS)

sanitize: setup ## The native engine's tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/sanitize-native.sh

schema: build ## Regenerate the JSON Schema of configuration files
	@node dist/cli/main.js config schema > search-configs/schema/fear-nas.schema.json

clean: ## Remove everything that was built
	rm -rf dist build node_modules
