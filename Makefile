# Two commands are all there is to know: `make run` and `make test`. They install what is missing.
PREFIX ?= /usr/local
release := swift build -c release --static-swift-stdlib --product handshake

.PHONY: run build test check format docs install clean

run: build
	@"$$($(release) --show-bin-path)/handshake"

build:
	@scripts/setup
	@$(release)

test:
	@scripts/test

check:
	@scripts/check

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

docs:
	@scripts/docs

install: build
	@scripts/install "$(DESTDIR)$(PREFIX)"

clean:
	swift package clean
