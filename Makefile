# `make up` shows Strata at work, `make test` proves it. Everything else is for people who change it.
SHELL := /bin/bash
BUILD := build
JOBS := $(shell nproc)
FUZZ_SECONDS := 60
STRATA := $(BUILD)/strata

.PHONY: all up preview down test test-sanitize crash fuzz bench lint lint-all format models reference servers setup clean help

all: $(BUILD)/build.ninja
	@cmake --build $(BUILD) --target strata -j $(JOBS)

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:
	@scripts/setup

$(BUILD)/build.ninja: CMakeLists.txt
	@scripts/setup
	@cmake -S . -B $(BUILD) -G Ninja --log-level=WARNING

up: setup all ## install what is missing, build, start the emulator, deploy the three stacks to it
	@$(STRATA) local up
	@$(STRATA) up --all --env local --yes
	@printf '\nTry next:\n  make up                                  again: nothing changes\n  %s preview --all            what would change\n  %s stack outputs data-lake  what the stacks give\n  %s destroy --all            take it all down\n  %s local down               stop the emulator\n' $(STRATA) $(STRATA) $(STRATA) $(STRATA)

preview: setup all ## what would change in the local environment
	@$(STRATA) local up
	@$(STRATA) preview --all --env local

down: ## destroy the local stacks and stop the emulator
	@$(STRATA) destroy --all --env local --yes
	@$(STRATA) local down

test: setup $(BUILD)/build.ninja ## build everything and run every test
	@cmake --build $(BUILD) -j $(JOBS)
	@.venv/bin/python -m pytest -q providers/aws/emulator/tests
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j $(JOBS)

test-sanitize: setup ## the same tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@cmake -S . -B $(BUILD)-sanitize -G Ninja -DSTRATA_SANITIZE=ON --log-level=WARNING
	@cmake --build $(BUILD)-sanitize -j $(JOBS)
	@ctest --test-dir $(BUILD)-sanitize --output-on-failure --no-tests=error -j $(JOBS)

fuzz: ## feed every reader hostile input, FUZZ_SECONDS (60) each
	@scripts/setup fuzz
	@cmake -S . -B $(BUILD)-fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DSTRATA_FUZZ=ON --log-level=WARNING
	@cmake --build $(BUILD)-fuzz --target fuzz_targets -j $(JOBS)
	@tests/fuzz/run_targets.py --seconds $(FUZZ_SECONDS) --jobs $(JOBS)

crash: setup $(BUILD)/build.ninja ## kill runs at every boundary, then 1,000 runs with random faults
	@cmake --build $(BUILD) --target every_type crash_killer -j $(JOBS)
	@.venv/bin/python tests/crash/crash.py --seeds 1000

bench: setup $(BUILD)/build.ninja ## measure: times, requests, memory (docs/benchmarks.md)
	@cmake --build $(BUILD) -j $(JOBS)
	@bench/run

lint: $(BUILD)/build.ninja ## form and mistakes of what changed
	@scripts/setup lint
	@cmake --build $(BUILD) --target strata_aws_types -j $(JOBS)
	@scripts/lint

lint-all: $(BUILD)/build.ninja ## form and mistakes of everything
	@scripts/setup lint
	@cmake --build $(BUILD) --target strata_aws_types -j $(JOBS)
	@scripts/lint --all

format: ## put every C++ file into form
	@scripts/setup lint
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

models: setup ## trim AWS's service models anew from the pinned botocore
	@.venv/bin/python providers/aws/codegen/trim_models.py

reference: setup $(BUILD)/build.ninja ## write docs/reference from the resource type declarations
	@cmake --build $(BUILD) --target reference -j $(JOBS)

servers: ## build the S3 server that checks signatures (MinIO, needs Go): more of `make test` runs then
	@scripts/setup servers

clean:
	@rm -rf $(BUILD) $(BUILD)-sanitize $(BUILD)-fuzz
