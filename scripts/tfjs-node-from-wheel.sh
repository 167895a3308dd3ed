#!/usr/bin/env bash
# Makes @tensorflow/tfjs-node where its own download of libtensorflow is impossible: the package from npm, its N-API
# addon compiled against the C library (and headers) inside the wheel of TensorFlow for Python.
#
#   scripts/tfjs-node-from-wheel.sh DIR
#   FEAR_NAS_TFJS_NODE=DIR fear-nas search ... --engine tensorflow
#
# DIR lies outside the repository and takes 1.4 GB. Needs npm, g++, and Python with pip; Linux on x86-64 or arm64.
# A wheel that already lies in DIR/wheel is used as it is.
set -euo pipefail

tfjs_version=4.22.0
tensorflow_version=2.21.0
# Of the wheel, not of this machine's Python: nothing in Python is run.
wheel_python=3.11

fail() { echo "tfjs-node-from-wheel: $*" >&2; exit 1; }

[ $# -eq 1 ] || fail "usage: scripts/tfjs-node-from-wheel.sh DIR"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) wheel=tensorflow-cpu ;;
  Linux-aarch64) wheel=tensorflow ;;
  *) fail "there is no wheel with the C library for $(uname -s) on $(uname -m)" ;;
esac
for tool in npm node python3 "${CXX:-g++}"; do
  command -v "$tool" >/dev/null || fail "needs $tool"
done
python3 -m pip --version >/dev/null 2>&1 || fail "needs pip for python3"

dir=$(realpath -m "$1")
repository=$(realpath "$(dirname "$0")/..")
case "$dir/" in "$repository"/*) fail "$dir lies inside the repository; choose a folder outside" ;; esac
mkdir -p "$dir/wheel"

echo "tfjs-node $tfjs_version from npm, without its own download"
[ -f "$dir/package.json" ] || echo '{ "private": true }' > "$dir/package.json"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@tensorflow/tfjs-node@$tfjs_version" node-api-headers@1.9.0 || fail "npm could not install @tensorflow/tfjs-node"
package=$dir/node_modules/@tensorflow/tfjs-node

if ! compgen -G "$dir/wheel/*.whl" >/dev/null; then
  echo "$wheel $tensorflow_version from PyPI (270 MB)"
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version "$wheel_python" \
    --dest "$dir/wheel" "$wheel==$tensorflow_version" || fail "pip could not download $wheel $tensorflow_version"
fi

echo "unpacking the C library"
python3 - "$dir"/wheel/*.whl "$package/deps" <<'PYTHON'
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:3]
wanted = (
    'tensorflow/libtensorflow',
    'tensorflow/include/tensorflow/c/',
    'tensorflow/include/tensorflow/core/platform/',
    'tensorflow/include/tsl/platform/',
    'tensorflow/include/xla/tsl/',
)
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if entry.filename.startswith(wanted) and not entry.is_dir():
            inside = entry.filename.removeprefix('tensorflow/')
            path = os.path.join(deps, inside if inside.startswith('include/') else 'lib/' + inside)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, 'wb') as file:
                shutil.copyfileobj(source, file)
PYTHON

echo "compiling the addon"
addon=$package/lib/napi-v8
mkdir -p "$addon"
"${CXX:-g++}" -std=c++17 -O2 -fPIC -shared -w -DNAPI_VERSION=8 \
  -I"$package" -I"$package/deps/include" -I"$dir/node_modules/node-api-headers/include" \
  "$package"/binding/tfjs_backend.cc "$package"/binding/tfjs_binding.cc \
  -L"$package/deps/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  -Wl,-rpath,'$ORIGIN/../../deps/lib' -o "$addon/tfjs_binding.node" || fail "the addon does not compile"

echo "made $package; use it with FEAR_NAS_TFJS_NODE=$dir"
