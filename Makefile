# make run · make test · make check · make bench    (needs Python >= 3.11 with venv, and make)
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX := $(PIP_INDEX_URL)
endif
export OMP_NUM_THREADS ?= 1
export UV_LINK_MODE ?= copy
export UV_SYSTEM_CERTS ?= 1

.PHONY: run test test-slow lint check bench browser node java lock docs pictures

run: .venv/runs
	@$(BIN)/keepwell serve

test: .venv/tests browser node java
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/slow

# A million rows, kills by the dozen: minutes each, with the figures printed.
test-slow: .venv/tests
	$(BIN)/python -m pytest tests/slow -s

lint: .venv/tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench: .venv/tests browser benchmarks/node/node_modules
	$(BIN)/python -m benchmarks

docs: .venv/tests
	$(BIN)/python -m keepwell.config.reference docs/reference

# The docs' pictures, from a demo that is served: make pictures KEEPWELL_PASSWORD=... (KEEPWELL_URL, KEEPWELL_LOGIN).
pictures: .venv/tests browser
	$(BIN)/python -m tests.browser.pictures

# The environment: the installer is pinned like everything else.
.venv/bin/uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit("Keepwell needs Python 3.11 or newer, not " + sys.version.split()[0] + ". Name one: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

.venv/runs: .venv/bin/uv requirements.lock pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tests: .venv/runs requirements-dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# The browser that the page tests drive is Debian's; elsewhere install Chromium and name it with KEEPWELL_CHROMIUM.
browser:
	@if [ -z "$$KEEPWELL_CHROMIUM" ] && ! command -v chromium >/dev/null 2>&1; then \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; \
	  else \
	    echo "The page tests need Chromium. On Debian: sudo apt-get install chromium. Elsewhere install it and set KEEPWELL_CHROMIUM to its path." >&2; exit 1; \
	  fi; \
	fi

# Segment's library for Node sends to the tests' server, Lighthouse judges pages; Node is Debian's unless there is one.
node: tests/stories/node/node_modules

%/node/node_modules: %/node/package-lock.json
	@if ! command -v npm >/dev/null 2>&1; then \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; \
	  else \
	    echo "Segment's Node library and Lighthouse need Node 18 or newer with npm. On Debian: sudo apt-get install nodejs npm." >&2; exit 1; \
	  fi; \
	fi
	@cd $(@D) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

# Spark, which one test starts on the loopback, runs on Java 17 or newer.
java:
	@if ! command -v java >/dev/null 2>&1; then \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	  else \
	    echo "The test on Spark needs Java 17 or newer. On Debian: sudo apt-get install openjdk-17-jre-headless." >&2; exit 1; \
	  fi; \
	fi

# After a change of dependencies in pyproject.toml.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock: .venv/bin/uv
	$(LOCK) --group dev --group build --output-file requirements-dev.lock
	$(LOCK) --group build --constraints requirements-dev.lock --no-annotate --output-file requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group pyproject.toml:bootstrap --output-file requirements-uv.lock
