# Two commands set everything up on a fresh machine: `make demo` (the main job) and `make test`.
# Further: make check · make bench · make lock · make docs · make clean

export PYTHONDONTWRITEBYTECODE =
export UV_PYTHON_DOWNLOADS = never
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin

.PHONY: demo serve test check format bench docs lock audit clean

# ── the main job ──────────────────────────────────────────────────────────────
demo: .venv/.run
	$(RUN)/shouwang demo

serve: .venv/.run
	$(RUN)/shouwang serve

# What several people write at once runs on PostgreSQL too; any other folder may be named: make test ON_POSTGRESQL="tests/registry tests/feeds".
ON_POSTGRESQL := tests/organisation tests/casework tests/door

# ── the tests ─────────────────────────────────────────────────────────────────
test: .venv/.dev .venv/.system
	$(MAKE) --no-print-directory check
	$(RUN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder
	$(RUN)/python -m tools.on_postgresql $(RUN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder $(ON_POSTGRESQL)

check: .venv/.dev
	$(RUN)/ruff format --check shouwang tests bench
	$(RUN)/ruff check shouwang tests bench
	$(RUN)/lint-imports --no-cache
	$(RUN)/mypy shouwang
	$(RUN)/djlint --lint --quiet shouwang/web/templates
	$(RUN)/shouwang policy check
	$(RUN)/python -m tools.documentation --check

format: .venv/.dev
	$(RUN)/ruff format shouwang tests bench tools
	$(RUN)/ruff check --fix shouwang tests bench tools

bench: .venv/.dev
	$(RUN)/python -m bench $(BENCH)

docs: .venv/.dev
	$(RUN)/python -m tools.documentation

# ── environments ──────────────────────────────────────────────────────────────
$(UV): requirements/uv.txt
	$(PYTHON) tools/bootstrap.py
	touch $@

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv

# Whoever ran the tests already has everything that the program needs.
.venv/.run: requirements/run.txt pyproject.toml | $(UV) .venv/bin/python
	@if [ -e .venv/.dev ]; then $(MAKE) --no-print-directory .venv/.dev; else \
	  $(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements/run.txt && \
	  $(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . ; fi
	touch $@

.venv/.dev: requirements/dev.txt pyproject.toml | $(UV) .venv/bin/python
	$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@

.venv/.system: tools/system_packages.sh | .venv/bin/python
	sh tools/system_packages.sh
	touch $@

lock: | $(UV)
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 requirements/uv.in -o requirements/uv.txt
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 --extra build pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 --extra dev pyproject.toml --no-emit-package shouwang -o requirements/dev.txt

audit: .venv/.dev
	$(RUN)/bandit --quiet --recursive shouwang --configfile pyproject.toml

clean:
	rm -rf .venv .tools build *.egg-info .pytest_cache .mypy_cache .ruff_cache
