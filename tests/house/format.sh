#!/usr/bin/env bash
# Every C++ file is as clang-format would write it.
set -euo pipefail
cd "$(dirname "$0")/../.."
find engine app plugins tests -name '*.h' -o -name '*.cpp' | sort | xargs clang-format --dry-run --Werror
echo "formatted"
