#!/usr/bin/env bash
# Adds TensorFlow's C library for the tensorflow engine: @tensorflow/tfjs-node-gpu where an NVIDIA GPU is seen, else
# @tensorflow/tfjs-node. Downloads some 400 MB. Where the package's own library cannot be had, or is too old for the card
# (its CUDA 11.2 knows no Hopper and no Blackwell), it is made from the wheel of TensorFlow for Python instead, in the cache
# folder, where fear-nas finds it by itself.
#
#   scripts/setup-tensorflow.sh            fails if no library can be had
#   scripts/setup-tensorflow.sh --if-gpu   for `make setup`: only where a GPU is seen, only once, and never fails; downloads
#                                          no wheel, which is 3.6 GB for GPUs
set -uo pipefail
cd "$(dirname "$0")/.."

version=4.22.0
npm=${NPM:-npm}
# npm ci removes it with everything else, and the package is then asked for again.
failed_before=${FEAR_NAS_SETUP_MARK:-node_modules/.tensorflow-failed}

sees_gpu() { [ -e /proc/driver/nvidia/version ] || nvidia-smi --list-gpus >/dev/null 2>&1; }
# Compute capability 9.0 (Hopper) or newer.
is_new() {
  local capability
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1)
  [[ "$capability" =~ ^[0-9]+\.[0-9]+$ ]] && [ "${capability%%.*}" -ge 9 ]
}

if sees_gpu; then package=@tensorflow/tfjs-node-gpu; wheel=--gpu; else package=@tensorflow/tfjs-node; wheel=; fi
if [ "${1:-}" = --if-gpu ]; then
  [ "$package" = @tensorflow/tfjs-node-gpu ] || exit 0
  if [ -e "$failed_before" ] || [ -d "node_modules/$package" ]; then exit 0; fi
  if is_new; then
    echo "the GPU needs CUDA 12, which make setup-tensorflow adds (3.6 GB); every other engine works without it" >&2
    touch "$failed_before"
    exit 0
  fi
fi

from_wheel() {
  scripts/tfjs-node-from-wheel.sh $wheel && exit 0
  echo "TensorFlow's library could not be made from the wheel either (see above); every other engine works without it. See docs/tensorflow.md" >&2
  exit 1
}

if [ -n "$wheel" ] && is_new; then
  echo "the GPU needs CUDA 12, which $package $version does not have"
  from_wheel
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
echo "$package could not be added (${reason:0:200})" >&2
if [ "${1:-}" = --if-gpu ]; then
  echo "every other engine works without it. Try again with make setup-tensorflow, or see docs/tensorflow.md" >&2
  exit 0
fi
from_wheel
