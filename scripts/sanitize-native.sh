#!/usr/bin/env bash
# Builds the native engine with AddressSanitizer and UndefinedBehaviorSanitizer and runs its conformance suite, a reduced
# fuzz and the calls with any arguments on every instruction set that this processor has. `make sanitize` runs it.
#
# native/network/memory.cpp does its part: under AddressSanitizer every array of a workspace has memory of its own, with
# poison behind it. Works on a copy of the sources, so that the build that searches use stays as it is. Needs g++, with the
# sanitizers' libraries that come with it; says "skipped: ..." and succeeds where there are none.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

CXX=${CXX:-g++}
asan=$($CXX -print-file-name=libasan.so 2>/dev/null || true)
ubsan=$($CXX -print-file-name=libubsan.so 2>/dev/null || true)
if [ ! -e "$asan" ] || [ ! -e "$ubsan" ]; then
  echo "skipped: sanitizers: $CXX has no AddressSanitizer or UndefinedBehaviorSanitizer here (looked for libasan, libubsan)"
  exit 0
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r native scripts src test package.json tsconfig.json vitest.config.ts "$copy"
ln -s "$root/node_modules" "$copy/node_modules"
cd "$copy"

# Signed overflow, shifts, alignment, bounds, null, bool and enum values; the first finding ends the process.
sanitizers='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g1'

# Node frees little at its end; lifecycle.test.ts looks for leaks. What is freed is kept for a while to catch its use, but
# little enough of it for the tests of resident memory.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=8
export UBSAN_OPTIONS=print_stacktrace=1
export FEAR_NAS_FUZZ_RUNS=${FEAR_NAS_FUZZ_RUNS:-60}

# check WHAT FLAGS: build with further FLAGS, and run the tests.
check() {
  echo "sanitizers: $1"
  CXX="$CXX $sanitizers $2" node scripts/build-native.mjs --keep-objects
  # The build strips the addon; a finding is told by file and line only if it is not.
  $CXX $sanitizers -shared build/native/*.o -o build/native/fear_nas.node
  # It is loaded only if its stamp has its hash.
  echo "{\"addonSha256\":\"$(sha256sum build/native/fear_nas.node | cut -d ' ' -f 1)\"}" >build/native/fear_nas.stamp
  if node -e 'require("./build/native/fear_nas.node")' 2>/dev/null; then
    echo 'sanitizers: the addon loads without their library: they are not in it' >&2
    exit 1
  fi
  LD_PRELOAD="$asan $ubsan" node node_modules/vitest/vitest.mjs run \
    test/engines/native/conformance.test.ts test/engines/native/raw-calls.test.ts \
    --maxWorkers=2
}

check 'every instruction set of this processor' ''
if ! grep -q avx512f /proc/cpuinfo; then
  # Blocks of 16 images, as AVX-512 has them, in vectors that this processor has.
  check '16 lanes on lesser vectors' '-DFEAR_LANES=16'
fi
