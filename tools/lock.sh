#!/usr/bin/env bash
# Renew the lock files from pyproject.toml (run after changing a dependency).
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(mktemp); trap 'rm -f "$build"' EXIT
printf 'hatchling\neditables\n' > "$build"
compile() { .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 "$@"; }
compile pyproject.toml "$build" -o requirements/core.lock
compile pyproject.toml "$build" --extra dev -c requirements/core.lock -o requirements/dev.lock
