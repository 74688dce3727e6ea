# Two commands on a fresh machine with Python 3.11 or later: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
EDGE_SUITES = e2e/test_leaks.py e2e/test_attribution.py e2e/test_withdrawal.py e2e/test_address.py e2e/test_fail_closed.py e2e/test_unharmed.py
# Over the processors there are; with `--dist loadfile` tests of a file, which share what they make, stay together.
SPREAD = -n auto --maxprocesses 8
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test test-unit test-e2e test-linear test-attack test-node scripts bench-embed test-proxy test-stores bench bench-counts bench-dashboard pictures lint data texts clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

$(VENV)/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("CookieGate needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian and Ubuntu, apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	$(BIN)/pip install -q -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install -q -e '.[test]'
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/pip install -q -e '.[bench]'
	@touch $@

demo: $(VENV)/.run ## a small company site behind the gate, and what its trackers received
	$(BIN)/cookiegate demo

test: lint test-unit test-e2e ## everything that needs no more than Python and a browser

lint: $(VENV)/.test ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-unit: $(VENV)/.test
	$(BIN)/python tests/corpus/fetch.py
	$(BIN)/pytest tests --ignore tests/html/test_linear.py --ignore tests/sealing/test_attack.py -m 'not nginx and not stores' $(SPREAD) --dist loadfile --cov --cov-report=
	$(BIN)/pytest tests/html/test_linear.py -m 'not linear'  # apart: measuring coverage changes what they measure
	$(BIN)/pytest tests/sealing/test_attack.py $(SPREAD)  # apart: a minute of linear programmes, three under coverage
	$(BIN)/coverage report --include='cookiegate/core/*' --fail-under=95

test-e2e: $(VENV)/.test
	$(BIN)/python e2e/browser.py
	$(BIN)/pytest e2e -m 'not node and not sites' $(SPREAD) --dist loadfile

test-linear: $(VENV)/.test ## ten megabytes of each page that is made to be slow, in four to six minutes
	$(BIN)/pytest tests/html/test_linear.py -m linear

test-attack: $(VENV)/.test ## every attack on what is published over 200 weeks, and what each came to, in about half an hour
	ATTACK_LONG=1 $(BIN)/pytest tests/sealing/test_attack.py $(SPREAD)

test-node: $(VENV)/.test ## hydration of real React pages, and the Nu checker (needs Node 20 and a Java runtime)
	$(BIN)/python e2e/browser.py
	cd e2e/node && npm ci --no-audit --no-fund
	$(BIN)/pytest e2e -m node

test-proxy: $(VENV)/.test ## behind nginx, whole sites, faults; the browser's leak, address and withdrawal suites through ASGI and the proxy
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || { echo "nginx is missing: on Debian and Ubuntu, apt-get install nginx-light"; exit 1; }
	$(BIN)/pytest tests -m nginx
	$(BIN)/python e2e/browser.py
	$(BIN)/pytest e2e -m sites
	for edge in asgi proxy; do LAB_EDGE=$$edge $(BIN)/pytest $(EDGE_SUITES) -m 'not node' || exit 1; done

$(VENV)/.stores: $(VENV)/.test
	$(BIN)/pip install -q -e '.[stores]'
	@touch $@

test-stores: $(VENV)/.stores ## the stores of counts on real servers (needs Debian's postgresql, clickhouse-server, zookeeper), and ClickHouse's current version
	$(BIN)/pytest tests -m stores

bench-counts: $(VENV)/.test ## what counting costs, beside a table with a row for each hit
	$(BIN)/python -m tests.bench.counts

bench-dashboard: $(VENV)/.test ## a first view of the dashboard over a year of 1.2 million rows, and in a slow browser
	$(BIN)/python -m tests.bench.dashboard
	$(BIN)/python e2e/browser.py
	$(BIN)/python -m e2e.bench_dashboard

pictures: $(VENV)/.test ## every page and state of the dashboard, narrow and wide, light and dark, in pictures
	$(BIN)/python e2e/browser.py
	PICTURES=pictures $(BIN)/pytest e2e/test_dashboard_states.py

scripts: ## the embed scripts, from their hand-written parts (needs Node 20)
	cd e2e/node && npm ci --no-audit --no-fund && node build-embed.js

bench: $(VENV)/.bench ## the rewriter beside its peers, the gate's share of a request, memory, the banner's first showing
	$(BIN)/python -m tests.bench
	$(BIN)/python e2e/browser.py
	@if command -v npm >/dev/null; then cd e2e/bench && npm ci --ignore-scripts --no-audit --no-fund; else echo "Without npm the banner is measured without other consent managers."; fi
	$(BIN)/python -m e2e.bench

bench-proxy: $(VENV)/.test ## the proxy beside nginx, Werkzeug's and mitmproxy, a WebSocket's echoes, a 1 GB upload
	@test -x $(VENV)/mitmproxy/bin/mitmdump || { $(PYTHON) -m venv $(VENV)/mitmproxy && $(VENV)/mitmproxy/bin/pip install -q mitmproxy -e .; } || echo "mitmproxy cannot be installed here and is left out"
	MITMDUMP=$$(test -x $(VENV)/mitmproxy/bin/mitmdump && echo $(VENV)/mitmproxy/bin/mitmdump) $(BIN)/python -m tests.bench.proxies

bench-embed: $(VENV)/.test ## the script tag beside other managers (needs Node 20 for their packages)
	$(BIN)/python e2e/browser.py
	cd e2e/node && npm ci --no-audit --no-fund
	$(BIN)/python -m e2e.bench_embed

clean: ## remove what the other targets made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage test-results pictures e2e/node/node_modules e2e/bench/node_modules
