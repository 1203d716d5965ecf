# Two commands are all there is to know: `make run` and `make test`. They install what is missing.
PREFIX ?= /usr/local
release := swift build -c release --static-swift-stdlib
# No path of this machine in the product: no debug information, and C's __FILE__ from the checkout on. (What
# only asks for the place of the programs needs none of these.)
release += -debug-info-format none -Xcc -ffile-prefix-map=$(CURDIR)=.
.PHONY: run build test cases check sanitize conformance torture fuzz bench format docs install clean

run: build
	@"$$($(release) --show-bin-path)/handshake"

build:
	@scripts/setup
	@$(release) --product handshake
	@$(release) --product handshake-sandbox

test:
	@scripts/test

# What operators met, played against the release product (../shared/cases).
cases: build
	@scripts/cases

check:
	@scripts/check

# Every test again under the thread sanitizer, and under the address sanitizer.
sanitize:
	@scripts/test --sanitize thread
	@scripts/test --sanitize address

# What others' clients, servers and vectors say; writes docs/conformance.md.
conformance:
	@scripts/conformance

# The fault matrix, and the promises that need no program, as often as each night.
torture: build
	@Tests/Torture/run
	@Tests/Torture/in-process

# Ten minutes of each fuzzer.
fuzz:
	@scripts/setup test
	@Tests/Fuzz/run --seconds 600

# What PERFORMANCE in README quotes.
bench: build
	@Benchmarks/run

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

docs:
	@scripts/docs

install: build
	@scripts/install "$(DESTDIR)$(PREFIX)"

clean:
	swift package clean
