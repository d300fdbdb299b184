# Each target calls an npm script or a command of local/; what they do is decided there. `make help` lists them.
# Settings go on the command line, into the environment or into .env: make ETL=3 PRODUCER_RATE=10
.DEFAULT_GOAL := up
.PHONY: up logs ps results rotate stop down clean kafka-tool test test-unit test-integration test-kafka4 test-e2e test-faults check bench faults help build
# The lanes share two cores and their timing: one after the other, whatever -j says.
.NOTPARALLEL:

ifneq (,$(findstring :,$(CURDIR)))
$(error Expected a folder without a colon in its path, since npm puts it into PATH, got $(CURDIR): move it)
endif

# Node 24 comes with the dependencies on Linux; elsewhere it is the machine's.
node = $$(command -v node_modules/.bin/node || echo node)
stack = @$(node) local/dist/main.js
# A lane of tests; with TEST_REPORTS=folder its counts are left there as JSON.
lane = npm run --silent test:$(1) $(if $(TEST_REPORTS),-- --json --outputFile=$(abspath $(TEST_REPORTS))/$(1).json)

up: build ## start everything, wait until it is healthy, show the first rows (PIPELINE=noaa: another pipeline; ETL=3: three ETL instances)
	$(stack) up

logs: local/dist/main.js ## follow the logs (SERVICE=etl: of this service only)
	$(stack) logs

ps: local/dist/main.js ## show state, health, port and lag of every part
	$(stack) ps

results: local/dist/main.js ## show the last rows of each result, and how many there are
	$(stack) results

rotate: build ## begin a new file for each result; the rows so far stay in a file beside it
	$(stack) rotate

stop: local/dist/main.js ## stop the services, keep the broker
	$(stack) stop

down: local/dist/main.js ## stop everything; data and results stay
	$(stack) down

clean: local/dist/main.js ## stop everything, remove all data and every result
	$(stack) clean

kafka-tool: local/dist/main.js ## run one of Kafka's own tools: make kafka-tool TOOL=kafka-topics ARGS='--list'
	$(stack) kafka-tool $(if $(TOOL),$(TOOL),'') $(ARGS)

test: test-unit test-integration test-kafka4 test-e2e test-faults ## run every test: unit, integration, end to end and the short fault tests, on a real broker

test-unit test-integration test-kafka4 test-e2e test-faults: build
	$(call lane,$(@:test-%=%))

faults: build ## run every fault test: kills, lost responses, full disks (long)
	$(call lane,faults:all)

check: node_modules/.patched ## check types and lint
	npm run --silent check

bench: build ## run the benchmarks
	npm run --silent bench

# The first line of each pipeline's README says what it does, the line that begins with "Needs" what it takes.
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile
	@printf '\nPipelines:\n'
	@awk 'FNR == 1 {split(FILENAME, path, "/"); sub(/^# *[a-z0-9-]*: */, ""); title = $$0} \
	  /^Needs/ {printf "make PIPELINE=%-11s %s. %s\n", path[2], title, $$0; nextfile}' pipelines/*/README.md

build: node_modules/.patched
	@npm run --silent build

local/dist/main.js: node_modules/.patched $(wildcard local/src/*.ts local/src/*/*.ts common-src/src/*.ts common-src/src/*/*.ts kafka-src/src/*.ts pipeline-src/src/*.ts pipelines/*/*.ts)
	@$(node) node_modules/typescript/bin/tsc -b local pipelines && $(node) bundle.js pipelines
	@touch $@

# The mark is made last: what was interrupted is done again. It needs no install scripts, so that npm may ignore them.
node_modules/.patched: package-lock.json $(wildcard patches/*.patch)
	npm ci --ignore-scripts --no-audit --no-fund
	@$(node) dependencies.js && touch $@
