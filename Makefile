# The doors of the house. `make` lists them.
# Build output, tools and caches stay outside the clone, in MAILLAGE_CACHE.

SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

XDG_CACHE_HOME ?= $(HOME)/.cache
export MAILLAGE_CACHE ?= $(XDG_CACHE_HOME)/maillage
export CARGO_TARGET_DIR ?= $(MAILLAGE_CACHE)/target
export npm_config_update_notifier := false
export npm_config_fund := false
export npm_config_audit := false

# On Linux with glibc the shipped binary is linked statically: it runs in an empty directory, and nothing else needs updating with it.
HOST := $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')
ifneq (,$(findstring linux-gnu,$(HOST)))
release_flags := RUSTFLAGS="$(RUSTFLAGS) -C target-feature=+crt-static"
release_target := --target $(HOST)
release_dir := $(CARGO_TARGET_DIR)/$(HOST)/release
else
release_dir := $(CARGO_TARGET_DIR)/release
endif
export MAILLAGE_BIN ?= $(release_dir)/maillage

DEMO_DATA ?= $(MAILLAGE_CACHE)/demo

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: demo
demo: release ## Build everything and start the demonstration on http://localhost:8080
	@mkdir -p "$(DEMO_DATA)"
	@exec "$(MAILLAGE_BIN)" demo --data "$(DEMO_DATA)" $(ARGS)

.PHONY: serve
serve: release ## Start the real server; ARGS="--config maillage.toml" passes it options
	@exec "$(MAILLAGE_BIN)" serve $(ARGS)

.PHONY: release
release: assets ## Build the binary that ships: optimised, and static on Linux
	$(release_flags) cargo build --release --locked --package maillage $(release_target)
	@echo "$(MAILLAGE_BIN)"

.PHONY: assets
assets: ## Build the style sheets, fonts and scripts that the binary embeds
	@scripts/assets

.PHONY: lint
lint: ## Judge without running: format, clippy, licences, unused dependencies, tidy
	@scripts/lint

.PHONY: test
test: ## Run every test: Rust on both databases, documentation, empty chroot, browser
	@scripts/test

.PHONY: test-rust
test-rust: ## Run the Rust tests, on SQLite and on a temporary PostgreSQL
	@scripts/test rust

.PHONY: test-e2e
test-e2e: ## Run the browser journeys in Chromium
	@scripts/test e2e

.PHONY: test-api
test-api: ## Ask the API thousands of wrong questions: none makes a fault
	@scripts/test api

.PHONY: bench
bench: release ## Measure against a bare axum server: rates, p99, memory, time to first answer
	@scripts/ensure-test-deps bench
	@node scripts/bench.mjs

.PHONY: screenshots
screenshots: release ## Take the pictures of docs/screenshots again
	@scripts/node-modules e2e
	@node e2e/screenshots.mjs

.PHONY: endurance
endurance: ## Run the long proofs in full; their short form is part of `make test`
	@scripts/endurance
