# Kinerja: everything starts here. A machine needs only Python (3.11 or newer) and make.
#
#   make demo    a running site with example data (PORT and KINERJA_DATA are passed through)
#   make test    lint, types and every test, on SQLite and PostgreSQL, with a real browser
#   make lint    ruff and mypy            make bench   the measured budgets
#   make bench-scale   pages and the worker at 4,000 and at 400,000 teachers (half an hour)
#   make soak    the long tests: faults, walks, crawls   make clean   remove what the targets made
#   make mutants breaks one guard after the other and asks whether a test notices
#
# Variables: PYTHON=python3.12   PYTEST_ARGS="-k plan -x"   MUTANTS_ARGS="--file siasn"   SCALE_ARGS="--engine postgresql"

SHELL := /bin/sh
.DEFAULT_GOAL := demo
.PHONY: demo test lint bench bench-scale soak mutants clean chromium

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
PYTEST_ARGS ?=
MUTANTS_ARGS ?=
SCALE_ARGS ?=
# Tests run side by side in two processes, each with a PostgreSQL of its own; a file of tests is played by one of them.
# Unless told otherwise the files with the fewest tests come last, and one process waits for the longest of them.
# The browser and fault tests start servers and kill them, each its own by its number and on a port of its own, so they
# too run side by side, but after all that only compute: those would fill each moment in which a browser waits.
SERVED := tests/browser tests/faults
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
SLOWEST := --durations=20
SOAKED := tests/faults tests/core/test_stateful.py tests/core/test_stateful_year.py tests/core/test_moves.py tests/plugins/test_offered.py \
    tests/plugins/test_crawl.py tests/web/test_access_routes.py tests/plugins/test_halaman_kepala.py \
    tests/plugins/test_juli.py tests/browser/test_journey.py
# Whoever asks for a few tests may find none of them in one of the two runs; without such a wish none is a failure.
NONE_IS_FINE := $(if $(PYTEST_ARGS),|| [ $$$$? -eq 5 ],)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

demo: $(VENV)/.runtime
	$(BIN)/kinerja demo

test: $(VENV)/.dev chromium
	$(BIN)/python -m ruff check
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest $(SLOWEST) $(SIDE_BY_SIDE) $(addprefix --ignore=,$(SERVED)) $(PYTEST_ARGS) $(NONE_IS_FINE)
	$(BIN)/python -m pytest $(SLOWEST) $(SIDE_BY_SIDE) $(SERVED) $(PYTEST_ARGS) $(NONE_IS_FINE)

lint: $(VENV)/.dev
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

bench-scale: $(VENV)/.dev
	$(BIN)/python -m tests.bench.scale $(SCALE_ARGS)

soak: $(VENV)/.dev
	KINERJA_SOAK=1 $(BIN)/python -m pytest -rP $(SOAKED) $(PYTEST_ARGS)

mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants $(MUTANTS_ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: each step leaves a stamp, so a second run does nothing ---------------------------------------------------

# Runs a command as root, when that needs no password; fails otherwise. Its output is kept for the case that it fails.
define as_root
root() { \
    if [ "$$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$$@"; \
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then \
        sudo -n env DEBIAN_FRONTEND=noninteractive "$$@"; \
    else return 1; fi; \
}; \
apt() { command -v apt-get >/dev/null 2>&1 && root apt-get -qq update && root apt-get -qq install -y "$$@"; }
endef

# The first Python that is new enough and can make a virtual environment (Debian keeps that in python3-venv).
define find_python
fit='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; \
find_python() { \
    for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
        if "$$python" -c "$$fit" >/dev/null 2>&1; then echo "$$python"; return 0; fi; \
    done; \
    return 1; \
}
endef

# The command `kinerja` and the import paths are made here, without a build: a .pth file names the three source roots
# relative to site-packages, and `kinerja` finds its Python beside itself. So no build backend has to be fetched, no
# half-written package can break the set-up, and the whole checkout may be moved. A wheel (pip install .) gets the same
# command from [project.scripts]. The price: no metadata, so the version is read from `kinerja.__version__`.
$(VENV)/.venv:
	@$(as_root); $(find_python); \
	python=$$(find_python) || { [ -z "$(PYTHON)" ] && apt python3-venv >/dev/null && python=$$(find_python); } || { \
	    echo "Kinerja needs Python 3.11 or newer with the venv module. On Debian or Ubuntu type:"; \
	    echo "    sudo apt-get update && sudo apt-get install -y python3-venv"; \
	    echo "then run make again, or name another Python: make PYTHON=python3.12 ..."; \
	    exit 1; } >&2; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@$(BIN)/python -c 'import sysconfig; from pathlib import Path; \
	site = Path(sysconfig.get_path("purelib")); \
	up = "../" * len(site.relative_to(Path.cwd()).parts); \
	site.joinpath("kinerja.pth").write_text("".join(f"{up}{root}\n" for root in ("core", "web", "plugins")))'
	@printf '%s\n' '#!/bin/sh' \
	    'start="import sys; sys.argv[0] = \"kinerja\"; from kinerja_web.cli import main; sys.exit(main())"' \
	    'exec "$$(dirname "$$(readlink -f "$$0")")/python" -c "$$start" "$$@"' > $(BIN)/kinerja
	@chmod +x $(BIN)/kinerja
	@touch $@

$(VENV)/.runtime: requirements.lock | $(VENV)/.venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

# The development lock holds everything that the runtime lock holds, in the same versions.
$(VENV)/.dev: requirements-dev.lock | $(VENV)/.venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# The browser tests drive the Chromium of the system; playwright's own browsers are not fetched.
chromium:
	@$(as_root); \
	found() { [ -x /usr/bin/chromium ] || command -v chromium >/dev/null 2>&1 || [ -x "$$KINERJA_CHROMIUM" ]; }; \
	found || { echo "Installing Chromium for the browser tests ..."; apt chromium >/dev/null && found; } || { \
	    echo "The browser tests need Chromium, and it could not be installed from here. On Debian type:"; \
	    echo "    sudo apt-get update && sudo apt-get install -y chromium"; \
	    echo "or name another one: make test KINERJA_CHROMIUM=<path of the program>"; \
	    exit 1; } >&2
