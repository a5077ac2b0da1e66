# make test   everything: format, lint, all tests with -race, peers, a short run of benchmarks, fuzzers and the demo
# make bench  benchmarks, each with its ratio to a limit taken in the same run
# make fuzz   every fuzz target for FUZZTIME
# make build  bin/accolade

SHELL := /bin/sh
CACHE := $${XDG_CACHE_HOME:-$$HOME/.cache}/accolade
PKG ?= ./...
FUZZTIME ?= 30s

.PHONY: test check vet lint race short-run build bench fuzz fmt setup clean

test: check race short-run
	@echo "everything passed"

check: setup vet lint

setup:
	@sh .ci/setup

vet:
	go vet $(PKG)

lint:
	@sh .ci/setup tools
	$(CACHE)/bin/golangci-lint run $(PKG)

# The tests that need Chromium, PostgreSQL or the npm peers must not skip where
# the set-up could bring them; gotestsum lists what skipped, and why. One package
# at a time: a verification has seconds to end, as it has for users, which two
# packages full of servers and browsers would take from each other.
race:
	@sh .ci/setup
	CGO_ENABLED=1 ACCOLADE_REQUIRE_PEERS=$$(command -v npm >/dev/null && echo 1) \
		ACCOLADE_REQUIRE_CHROMIUM=$$(command -v chromium >/dev/null && echo 1) \
		ACCOLADE_REQUIRE_POSTGRES=$$(ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && echo 1) \
		ACCOLADE_AXE=$(CACHE)/peers/node_modules/axe-core/axe.min.js \
		$(CACHE)/bin/gotestsum --format pkgname -- -race -p 1 -timeout 30m $(PKG)

short-run:
	go test -run '^$$' -bench . -benchtime 1x $(PKG) >/dev/null
	$(MAKE) --no-print-directory fuzz FUZZTIME=500x
	go run ./cmd/accolade demo --once

build:
	go build -trimpath -o bin/accolade ./cmd/accolade

bench:
	go test -run '^$$' -bench . -benchmem $(PKG)

fuzz:
	@sh .ci/fuzz $(FUZZTIME)

fmt:
	@sh .ci/setup tools
	$(CACHE)/bin/golangci-lint fmt

clean:
	rm -rf bin
