# `make run` and `make test` are enough to begin; both install missing packages. `make help` lists the rest.
PREFIX ?= /usr/local
release := swift build -c release --static-swift-stdlib
# Keeps paths of this machine out of the product: no debug information, and C's __FILE__ relative to the
# checkout. Commands that only ask for the folder of the programs do without these flags.
release += -debug-info-format none -Xcc -ffile-prefix-map=$(CURDIR)=.
.PHONY: run build test cases check sanitize conformance faults torture fuzz bench budgets format docs install clean help

run: build ## build the release product and open the screens (demo organization or AWS)
	@"$$($(release) --show-bin-path)/handshake"

build: ## build the release product: handshake and handshake-sandbox
	@scripts/setup
	@$(release) --product handshake
	@$(release) --product handshake-sandbox

test: ## build and run the test suites, and the judges (other clients and servers)
	@scripts/test

check: ## format, lint (Swift, Python, shell), sizes, citations, stale generated documents
	@scripts/check

cases: build ## run the operators' cases of ../shared/cases against the release product
	@scripts/cases

sanitize: ## run the tests under the thread sanitizer, then the address sanitizer
	@scripts/test --sanitize thread
	@scripts/test --sanitize address

conformance: ## run the judges and the vectors of ../shared; write docs/conformance.md
	@scripts/conformance

faults: build ## run the fault matrix and the random in-process tests at night scale
	@Tests/system/faults/run
	@Tests/system/faults/in-process

torture: faults

fuzz: ## run every fuzzer for ten minutes
	@scripts/setup test
	@Tests/Fuzz/run --seconds 600

bench: build ## measure the release product beside its peers (docs/performance.md)
	@Tests/system/bench/run

budgets: build ## count instructions, allocations and bytes; fail where one exceeds its budget
	@Tests/system/bench/budgets

format: ## format the Swift sources in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests

docs: ## write the generated documents, docs/inbox.svg and NOTICE
	@scripts/docs

install: build ## install programs, man page and completions under PREFIX (/usr/local)
	@scripts/install "$(DESTDIR)$(PREFIX)"

clean: ## delete .build, except downloaded dependencies
	swift package clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name text; do \
	  printf '%-12s %s\n' "$$name" "$$text"; done
