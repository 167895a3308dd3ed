#!/usr/bin/env bash
# Makes @tensorflow/tfjs-node where its own download of libtensorflow is impossible, or is for cards of another age: the
# package from npm, its N-API addon compiled against the C library (and headers) inside the wheel of TensorFlow for Python.
#
#   scripts/tfjs-node-from-wheel.sh [--gpu] [DIR]
#   FEAR_NAS_TFJS_NODE=DIR fear-nas search ... --engine tensorflow
#
# --gpu takes the wheel for NVIDIA GPUs, with the libraries of CUDA 12 that it names, from PyPI.
# DIR lies outside the repository. Without one it is the cache folder's, where fear-nas looks by itself. It takes 1.4 GB, with
# --gpu 9 GB. Needs npm, g++, and Python with pip; Linux on x86-64 or arm64. Wheels that already lie in DIR/wheel are used as
# they are.
set -euo pipefail

tfjs_version=4.22.0
tensorflow_version=2.21.0
# Of the wheel, not of this machine's Python: nothing in Python is run.
wheel_python=3.11

fail() { echo "tfjs-node-from-wheel: $*" >&2; exit 1; }

gpu=no
if [ "${1:-}" = --gpu ]; then gpu=yes; shift; fi
case "${1:-}" in -*) fail "usage: scripts/tfjs-node-from-wheel.sh [--gpu] [DIR]" ;; esac
[ $# -le 1 ] || fail "usage: scripts/tfjs-node-from-wheel.sh [--gpu] [DIR]"
case "$(uname -s)-$(uname -m)-$gpu" in
  Linux-x86_64-no) wheel=tensorflow-cpu ;;
  Linux-x86_64-yes | Linux-aarch64-no) wheel=tensorflow ;;
  Linux-aarch64-yes) fail "TensorFlow's wheel for arm64 has no support for NVIDIA GPUs" ;;
  *) fail "there is no wheel with the C library for $(uname -s) on $(uname -m)" ;;
esac
for tool in npm node python3 "${CXX:-g++}"; do
  command -v "$tool" >/dev/null || fail "needs $tool"
done
python3 -m pip --version >/dev/null 2>&1 || fail "needs pip for python3"

cache=${FEAR_NAS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fear-nas}
dir=$(realpath -m "${1:-$cache/tensorflow}")
repository=$(realpath "$(dirname "$0")/..")
case "$dir/" in "$repository"/*) fail "$dir lies inside the repository; choose a folder outside" ;; esac
mkdir -p "$dir/wheel"
if [ $gpu = yes ]; then needed_gb=12; name=tfjs-node-gpu; else needed_gb=2; name=tfjs-node; fi
free_gb=$(($(df --output=avail -k "$dir" | tail -n 1) / 1048576))
[ "$free_gb" -ge "$needed_gb" ] || fail "$dir has $free_gb GB free, and $needed_gb are needed. Name a folder on another disk"

echo "$name $tfjs_version from npm, without its own download"
[ -f "$dir/package.json" ] || echo '{ "private": true }' > "$dir/package.json"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@tensorflow/$name@$tfjs_version" node-api-headers@1.9.0 || fail "npm could not install @tensorflow/$name"
package=$dir/node_modules/@tensorflow/$name

download() {
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version "$wheel_python" --dest "$dir/wheel" "$@" ||
    fail "pip could not download $*"
}

if ! compgen -G "$dir/wheel/${wheel//-/_}-*.whl" >/dev/null; then
  if [ $gpu = yes ]; then size='570 MB'; else size='270 MB'; fi
  echo "$wheel $tensorflow_version from PyPI ($size)"
  download "$wheel==$tensorflow_version"
fi
if [ $gpu = yes ]; then
  # What the wheel asks for as its extra "and-cuda": package<12.0,>=11.2.
  python3 - "$dir"/wheel/tensorflow-*.whl > "$dir/wheel/cuda.txt" <<'PYTHON'
import re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    metadata = next(name for name in archive.namelist() if name.endswith('.dist-info/METADATA'))
    for line in archive.read(metadata).decode().splitlines():
        found = re.match(r'Requires-Dist: (nvidia-\S+?); extra == "and-cuda"', line)
        if found:
            print(found.group(1))
PYTHON
  [ -s "$dir/wheel/cuda.txt" ] || fail "the wheel names no libraries of CUDA"
  echo "$(wc -l < "$dir/wheel/cuda.txt") packages of CUDA 12 from PyPI (3 GB)"
  while read -r requirement; do
    file=${requirement%%[<>=]*}
    compgen -G "$dir/wheel/${file//-/_}-*.whl" >/dev/null || download "$requirement"
  done < "$dir/wheel/cuda.txt"
fi

echo "unpacking the C library"
python3 - "$package/deps" "$dir"/wheel/*.whl <<'PYTHON'
import os, shutil, sys, zipfile
deps, *wheels = sys.argv[1:]
wanted = (
    'tensorflow/libtensorflow',
    'tensorflow/include/tensorflow/c/',
    'tensorflow/include/tensorflow/core/platform/',
    'tensorflow/include/tsl/platform/',
    'tensorflow/include/xla/tsl/',
)
for wheel in wheels:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if entry.filename.startswith('nvidia/') and '/include/' not in entry.filename:
                # The library looks for CUDA in ../nvidia/NAME/lib, seen from its own folder.
                path = os.path.join(deps, entry.filename)
            elif entry.filename.startswith(wanted):
                inside = entry.filename.removeprefix('tensorflow/')
                path = os.path.join(deps, inside if inside.startswith('include/') else 'lib/' + inside)
            else:
                continue
            if os.path.exists(path) and os.path.getsize(path) == entry.file_size:
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, 'wb') as file:
                shutil.copyfileobj(source, file)
            if '/bin/' in path:
                os.chmod(path, 0o755)
PYTHON

echo "compiling the addon"
addon=$package/lib/napi-v8
mkdir -p "$addon"
"${CXX:-g++}" -std=c++17 -O2 -fPIC -shared -w -DNAPI_VERSION=8 \
  -I"$package" -I"$package/deps/include" -I"$dir/node_modules/node-api-headers/include" \
  "$package"/binding/tfjs_backend.cc "$package"/binding/tfjs_binding.cc \
  -L"$package/deps/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  -Wl,-rpath,'$ORIGIN/../../deps/lib' -o "$addon/tfjs_binding.node" || fail "the addon does not compile"

if [ $# -eq 1 ]; then
  echo "made $package; use it with FEAR_NAS_TFJS_NODE=$dir"
else
  echo "made $package, which fear-nas finds by itself"
fi
