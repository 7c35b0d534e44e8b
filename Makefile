# For people and for CI; the build itself is Meson's (meson.build).
#
#   make             the optimised program: build/src/constat
#   make demo        installs what is missing (Debian), builds, shows constat at work
#   make test        installs what is missing, builds, runs every test and check
#   make check       the parts of it: check-unit, check-sanitized, check-headers, check-includes, check-style
#   make check-long  the long runs
#   make install     DESTDIR and PREFIX as usual

BUILD = build
SANITIZED = build-sanitized
PREFIX = /usr/local
JOBS = $(shell nproc)

build:
	@tools/configure $(BUILD) --prefix=$(PREFIX)
	@ninja -C $(BUILD) -j $(JOBS)

demo: dependencies build
	@tools/demo $(BUILD)/src/constat

test: dependencies
	@tools/test $(BUILD) $(SANITIZED)

dependencies:
	@tools/install-deps

install: build
	@meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf $(BUILD) $(SANITIZED)

.PHONY: build demo test dependencies install clean
