# For people and for CI; the build itself is Meson's (meson.build).
#
#   make             the optimised program: build/src/constat
#   make demo        installs what is missing (Debian), builds, shows constat at work
#   make test        installs what is missing, builds, runs every test and check
#   make check-…     parts of that: check-unit, check-conformance, check-cli, check-hostile
#                    (interrupts, full disks, limits, failing calls), check-style (the
#                    optimised build), check-sanitized (all of it under address and undefined
#                    behaviour sanitizers)
#   make check-static  clang-tidy, gcc -fanalyzer and cppcheck over src/ (minutes)
#   make check-long  the long runs: check-static; everything under sanitizers, threads too, then the fuzzers
#                    (FUZZ_SECONDS each)
#   make bench       speed and memory beside the field's, in one run (takes a while, and GBs in build/)
#   make accuracy    how right findings are: random simulated worlds, scored against the truth
#   make install     DESTDIR and PREFIX as usual

BUILD = build
SANITIZED = build-sanitized
THREADS = build-threads
PREFIX = /usr/local
FUZZ_SECONDS = 300

# clang, so that `make test` has seen both compilers.
CONFIGURE_SANITIZED = CC=clang tools/configure $(SANITIZED) -Doptimization=1 \
	-Db_sanitize=address,undefined -Db_lundef=false
CONFIGURE_THREADS = CC=clang tools/configure $(THREADS) -Doptimization=1 \
	-Db_sanitize=thread -Db_lundef=false

build:
	@tools/configure $(BUILD) --prefix=$(PREFIX)
	@ninja -C $(BUILD) src/constat

demo: dependencies build
	@tools/demo $(BUILD)/src/constat

test: dependencies build
	@$(CONFIGURE_SANITIZED)
	@tools/test $(BUILD) $(SANITIZED)

check-unit check-conformance check-cli check-hostile: build
	@tools/test --suite $(@:check-%=%) $(BUILD)

check-style: build
	@tools/test --suite checks $(BUILD)

# Minutes: clang-tidy, gcc's analyser, cppcheck.
check-static: build
	@tools/check-static $(BUILD)

check-sanitized:
	@$(CONFIGURE_SANITIZED)
	@tools/test $(SANITIZED)

check-long: dependencies build check-static
	@$(CONFIGURE_SANITIZED)
	@$(CONFIGURE_THREADS)
	@tools/fuzz $(FUZZ_SECONDS)
	@CONSTAT_LONG=1 tools/test $(BUILD) $(SANITIZED) $(THREADS)
	@ninja -C $(SANITIZED) tests/constat-mutate
	@$(SANITIZED)/tests/constat-mutate --state $(SANITIZED)/mutation.state --bgpdump 100 \
		"$${CONSTAT_SHARED_DATA:-../shared/data}/mrt" 0 20000 || [ $$? -eq 77 ]
	@ninja -C $(BUILD) tests/constat-test-server
	@tests/web/kill $(BUILD)/src/constat $(BUILD)/tests/constat-test-server

fuzz: dependencies
	@tools/fuzz $(FUZZ_SECONDS)

coverage: dependencies
	@tools/coverage

bench: dependencies build
	@bench/run $(BUILD)

accuracy: dependencies build
	@bench/accuracy $(BUILD)/src/constat
	@bench/causes $(BUILD)/src/constat --cases 60 --first 700001

dependencies:
	@tools/install-deps

install: build
	@meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf $(BUILD) $(SANITIZED) $(THREADS) build-coverage build-fuzz

.PHONY: build demo test check-unit check-conformance check-cli check-hostile check-style check-sanitized check-static
.PHONY: check-long fuzz coverage bench accuracy dependencies install clean
