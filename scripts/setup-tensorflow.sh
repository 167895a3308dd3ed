#!/usr/bin/env bash
# Adds TensorFlow's C library for the tensorflow engine: @tensorflow/tfjs-node-gpu where an NVIDIA GPU is seen, else
# @tensorflow/tfjs-node. Downloads some 400 MB.
#
#   scripts/setup-tensorflow.sh            fails if the package cannot be had
#   scripts/setup-tensorflow.sh --if-gpu   for `make setup`: only where a GPU is seen, only once, and never fails
set -uo pipefail
cd "$(dirname "$0")/.."

version=4.22.0
npm=${NPM:-npm}
# npm ci removes it with everything else, and the package is then asked for again.
failed_before=node_modules/.tensorflow-failed

sees_gpu() { [ -e /proc/driver/nvidia/version ] || nvidia-smi --list-gpus >/dev/null 2>&1; }

if sees_gpu; then package=@tensorflow/tfjs-node-gpu; else package=@tensorflow/tfjs-node; fi
if [ "${1:-}" = --if-gpu ]; then
  [ "$package" = @tensorflow/tfjs-node-gpu ] || exit 0
  if [ -e "$failed_before" ] || [ -d "node_modules/$package" ]; then exit 0; fi
fi

echo "adding $package $version (some 400 MB)"
log=$(mktemp)
# It is an optional peer of this project: without --save-prod, npm leaves it out even when asked for by name.
if $npm install --no-save --save-prod --no-audit --no-fund --loglevel=error "$package@$version" >"$log" 2>&1; then
  rm -f "$log" "$failed_before"
  exit 0
fi
reason=$(grep -m 1 -oE '(Error|error): .*' "$log" || tail -n 1 "$log")
rm -f "$log"
touch "$failed_before"
echo "$package could not be added (${reason:0:200}); every other engine works without it. Try again with make setup-tensorflow, or see docs/tensorflow.md" >&2
[ "${1:-}" = --if-gpu ]
