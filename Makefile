# What can be done here; the doing is in the scripts that these call. docs/testing.md explains the tests and the lab.
.DEFAULT_GOAL := build
.PHONY: setup build demo test test-unit test-cluster test-kernel test-kernels chaos soak bench format deploy clean

# Dependencies from npm and from Debian. Quick where all are there.
setup: node_modules/.package-lock.json
	@test/lab/install-packages

node_modules/.package-lock.json: package-lock.json
	npm ci --ignore-scripts
	@touch $@

build: setup
	+@$(MAKE) --no-print-directory --jobs=2 --output-sync=line build/Release/ipvs.node dist/command/main.js

# Nothing is built twice. Folders are among the sources, so that a deleted file counts.
build/Release/ipvs.node: node_modules/.package-lock.json package.json binding.gyp $(shell find native)
	npm run build:native
	@touch $@

dist/command/main.js: node_modules/.package-lock.json package.json tsconfig.json tsconfig.build.json rolldown.config.js \
  $(shell find src examples/library)
	npm run build:ts
	npm run build:examples
	@touch $@

# A tour on a real kernel.
demo: build
	test/lab/run -- bash test/demo/demo.sh

# Everything.
test: build
	test/run-all

test-unit: setup
	test/run-all unit

# Against a real Kubernetes API server.
test-cluster: setup
	test/run-all cluster

test-kernel: build
	test/run-all kernel

# The kernel suite on Linux 6.1, 6.12 and 7.2.
test-kernels: build
	test/run-all kernel-bookworm kernel-trixie kernel-sid

# Everything goes wrong, for long: docs/chaos.md.
chaos: build
	test/chaos/run

# Probing at full rate, for ten minutes each: docs/soak.md.
soak: setup
	test/soak/run --record

bench: build
	bench/run

format: setup
	npm run --silent format
	git ls-files -z '*.c' '*.cc' '*.h' | xargs -0 clang-format-14 -i

# What is deployed in one file.
deploy:
	(echo "# Written by make deploy from deploy/base: do not edit."; $$(test/lab/fetch-kubectl) kustomize deploy/base) >deploy/install.yaml

clean:
	rm -rf dist build
