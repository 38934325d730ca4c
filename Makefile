# Every target prepares what it needs; only Python 3.11+ and make must be there already.
.DEFAULT_GOAL := help
.PHONY: help run test faults check lint types imports templates migrations bench load shots reference lock clean tools

BARE := sh ops/python.sh
BIN := .venv/bin
TEMPLATES = $$(git ls-files --cached --others --exclude-standard '*.html')

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Set everything up and start Assay (PORT=8000 ASSAY_DATA=.data; DEMO=0 for no demo)
	@exec $(BARE) -m ops.run

test: ## Run every test (DB=sqlite or DB=postgres for one database, ARGS=… for pytest)
	@exec $(BARE) -m ops.suite

faults: ## Kill real processes and see that nothing is lost (15 minutes; ARGS=… for pytest)
	@exec $(BARE) -m ops.faults

check: lint types imports templates migrations ## Check style, types, import order, templates and migrations

types migrations reference: export ASSAY_DATA := .cache/check

lint: tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: tools
	$(BIN)/mypy .

imports: tools
	$(BIN)/lint-imports

templates: tools
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/djlint --lint --quiet $(TEMPLATES)

migrations: tools
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

bench: tools ## Run the benchmarks
	@LOAD_MINUTES="$${LOAD_MINUTES:-2}" exec $(BIN)/python -m bench

load: tools ## Put people to work for ten minutes on much data (LOAD_MINUTES=10 LOAD_SCALE=1 LOAD_ON=postgres,sqlite)
	@exec $(BIN)/python -m bench load

shots: tools ## Take pictures of the pages
	@exec $(BIN)/python -m ops.shots

reference: tools ## Write the generated parts of docs/ from the code
	@exec $(BIN)/python -m ops.reference

lock: ## Pin requirements.in and requirements-dev.in again, with hashes (UPGRADE=1 takes newer versions; needs uv)
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-dev.in -c requirements.txt -o requirements-dev.txt

PIN = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --overrides requirements-without.in $(if $(UPGRADE),--upgrade)

clean: ## Remove the virtual environment and caches; data stays
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

tools:
	@exec $(BARE) -m ops.prepare
