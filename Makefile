# Wuhao: `make demo` shows it, `make test` proves it. Both set everything up first.
export UV_PYTHON_DOWNLOADS := never
PY := .venv/bin/python
UV := $(shell command -v uv 2>/dev/null)
GROUPS_ARG := $(foreach g,$(WUHAO_GROUPS),--group $(g))
ARGS ?=

.PHONY: setup demo serve test test-postgres check bench soak mutate look assets messages clean

setup: .venv/.ready

# uv where it is present; otherwise it is installed into the virtual environment itself.
.venv/.ready: pyproject.toml uv.lock
ifdef UV
	uv sync --locked $(GROUPS_ARG)
else
	test -x $(PY) || python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check uv
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.venv .venv/bin/uv sync --locked --inexact $(GROUPS_ARG)
endif
	touch $@

demo: setup
	.venv/bin/wuhao demo $(ARGS)

serve: setup
	.venv/bin/wuhao serve $(ARGS)

test: setup
	.venv/bin/pytest -n 2 --dist worksteal $(ARGS)
	$(MAKE) --no-print-directory test-postgres

# The part of the suite that talks to the database, on a temporary PostgreSQL cluster.
test-postgres: setup
	.venv/bin/pytest -n 2 --dist worksteal --postgres $(ARGS)

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/wuhao manage makemigrations --check --dry-run
	.venv/bin/yamllint --strict cities glossary.yaml
	.venv/bin/djlint src/wuhao/web/templates --lint --quiet

bench: setup
	$(PY) -m benchmarks $(ARGS)

soak: setup
	HYPOTHESIS_PROFILE=soak .venv/bin/pytest -n 2 -m property $(ARGS)

# Small changes of the engine that tests must notice; `WUHAO_GROUPS=mutants make mutate`.
mutate: setup
	HYPOTHESIS_PROFILE=mutants $(PY) tools/mutants.py $(ARGS)

look: setup
	$(PY) -m benchmarks.look $(ARGS)

# English beside the Chinese of the code; needs gettext's programs.
messages: setup
	$(PY) tools/messages.py $(ARGS)

# The browser files that the site carries, with their versions and checksums.
assets: setup
	$(PY) tools/vendor_assets.py $(ARGS)

clean:
	rm -rf var .venv
