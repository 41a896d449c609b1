# make demo      train the default run, extract its automata, film it
# make test      the whole test suite, in release
# make install   put `extract` into $(PREFIX)/bin
# make docs      the documentation of the libraries, in .build/documentation; any warning is an error
# make examples  compile and run the first programs in Examples/
# make release   what a release holds, as an archive in dist/
# make slurm-test  a sweep on a SLURM cluster of two nodes on this machine; needs root
# make lint      check the format of the sources and the direction of imports
# make bench     run the benchmarks
# make clean     remove what was built

PREFIX ?= /usr/local
RUN ?= run
SWIFT ?= swift

LIBRARIES = libopenblas-dev libgraphviz-dev zlib1g-dev pkg-config
# What the tests look at films and pages with.
VIEWERS = libxml2-utils librsvg2-bin chromium ffmpeg gnuplot-nox
# What `make lint` needs beside Swift.
FORMATTERS = clang-format

extract = .build/release/extract

.PHONY: demo build static test slurm-test install docs examples release lint bench clean \
  dependencies test-dependencies lint-dependencies

demo: build
	@if [ -f "$(RUN)/config.json" ]; then \
	  echo "$(extract) train --out $(RUN) --resume"; $(extract) train --out $(RUN) --resume; \
	else \
	  echo "$(extract) train --task parity --out $(RUN)"; \
	  $(extract) train --task parity --out $(RUN); \
	fi
	$(extract) --checkpoints $(RUN)
	@echo
	@echo "Open these files in a browser:"
	@echo "  $(RUN)/automata/movie.html   the film, to play, scrub and explore"
	@echo "  $(RUN)/automata/movie.svg    the film as a picture that plays by itself"
	@echo "and these as tables:"
	@echo "  $(RUN)/automata/states.csv   the automaton of every checkpoint"
	@echo "  $(RUN)/automata/mergers.csv  which words merged or split when"

build: dependencies
	$(SWIFT) build -c release --product extract

test: dependencies test-dependencies
	$(SWIFT) test -c release --scratch-path .build/tests

slurm-test: build
	@scripts/install-dependencies.sh slurm-wlm munge
	scripts/slurm-test.sh $(extract)

# Without the Swift runtime beside it: this program needs only OpenBLAS, Graphviz and zlib.
static: dependencies
	$(SWIFT) build -c release --product extract --static-swift-stdlib --scratch-path .build/static

install: static
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s .build/static/release/extract "$(DESTDIR)$(PREFIX)/bin/extract"

release: static
	scripts/release.sh .build/static/release/extract

docs: build
	scripts/build-docs.sh .build/release/Modules

examples: build
	scripts/check-examples.sh
	scripts/run-examples.sh $(extract)

lint: lint-dependencies
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/ExtractionSpeed Benchmarks/Machines Benchmarks/Training \
	  Benchmarks/TrainAlone Examples/Package.swift Examples/Sources
	clang-format --dry-run --Werror Sources/CKernels/*.c Sources/CKernels/include/*.h
	scripts/check-imports.sh

bench: dependencies
	cd Benchmarks && $(SWIFT) package --disable-sandbox benchmark

clean:
	rm -rf .build Benchmarks/.build Examples/.build dist

dependencies:
	@scripts/install-dependencies.sh $(LIBRARIES)

test-dependencies:
	@scripts/install-dependencies.sh $(VIEWERS)

lint-dependencies:
	@scripts/install-dependencies.sh $(FORMATTERS)
