#!/usr/bin/env bash
# Installs the packed package as a user would, in every way that we know to differ, and runs a tiny search each time.
# Prints what each way printed and how long it took; fails if a search fails or does not say what it should.
#
#   scripts/try-install.sh             all ways: some ten minutes
#   scripts/try-install.sh npm two     some of them
#
# The ways: npm (npm 12, which blocks install scripts), scripts (the npm that is here, which may run them), ignore (--ignore-scripts), nocompiler,
# readonly (a package that cannot be written, used by another user), two (two processes at the first start), pnpm, yarn,
# pnp (yarn without node_modules), global (npm install --global --prefix).
#
# Downloads the dependencies, npm, pnpm and yarn from the registry. `npm run build` must have been run. All ways but the first compile
# without optimisation, which takes a fifth of the time.
set -uo pipefail
cd "$(dirname "$0")/.."

[ -f dist/cli/main.js ] || { echo 'dist is absent: run "make build" first' >&2; exit 1; }
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
tarball=$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")
failed=0

cat >"$work/tiny.yaml" <<'YAML'
data: { name: fashion-mnist, train: 200, validation: 60, test: 100, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.45, ratio: 1.5, cost: work, maxEpochs: 3, stage2: { epochs: 1, batch: 32 } }
budget: { trials: 4 }
finalists: 1
seed: 3
YAML

real_compiler=${CXX:-c++}
cat >"$work/quick-c++" <<SH
#!/bin/sh
for arg; do shift; [ "\$arg" = -O3 ] && arg=-O0; set -- "\$@" "\$arg"; done
exec $real_compiler "\$@"
SH
chmod 755 "$work/quick-c++"
export CXX=$work/quick-c++ npm_config_audit=false npm_config_fund=false npm_config_loglevel=error
unset FEAR_NAS_NO_BUILD
export COREPACK_ENABLE_STRICT=0 COREPACK_ENABLE_PROJECT_SPEC=0

# begin NAME: an empty project with a home of its own.
begin() {
  name=$1
  started=$SECONDS
  project=$work/$name
  mkdir -p "$project/home"
  cd "$project"
  printf '{ "name": "user", "version": "1.0.0", "private": true }\n' >package.json
  # The image cache of this user is of no interest here; the native engine must not be found in it.
  export FEAR_NAS_CACHE=$project/cache
  echo "== $name"
}

# installs COMMAND...: its last lines are printed if it fails.
installs() {
  if ! "$@" >install.log 2>&1; then
    tail -n 5 install.log
    echo "FAILED: $name: $*"
    failed=1
    return 1
  fi
  grep -i -E 'script|build' install.log | head -n 3
  echo "installed in $((SECONDS - started)) s"
}

# searches PATTERN COMMAND...: a search that must succeed and print a line that matches PATTERN; -: any.
searches() {
  local pattern=$1 begun=$SECONDS
  shift
  if ! "$@" search "$work/tiny.yaml" --quiet --out "$project/results/run" >search.log 2>&1; then
    cat search.log
    echo "FAILED: $name: the search"
    failed=1
    return
  fi
  grep -E 'native|engine' search.log
  grep -q '"event":"run.finished"' results/run/journal.jsonl || { echo "FAILED: $name: no result"; failed=1; }
  echo "engine $(grep -o -E '"engine":"(native|wasm|tensorflow|tfjs-cpu)"' results/run/journal.jsonl | head -n 1), searched in $((SECONDS - begun)) s"
  [ "$pattern" = - ] || grep -q -E "$pattern" search.log || { echo "FAILED: $name: nothing printed matches $pattern"; failed=1; }
}

ran_on() {
  grep -q "\"engine\":\"$1\"" results/run/journal.jsonl || { echo "FAILED: $name did not run on $1"; failed=1; }
}

building='^Building the native engine \(once, about'

# npm 12 needs Node 22 or newer, and says so; it runs on 20 all the same.
try_npm() {
  begin npm
  CXX=$real_compiler
  installs npx --yes npm@12 install "$tarball" || return
  searches "$building" node_modules/.bin/fear-nas
  ran_on native
  CXX=$work/quick-c++
}

try_scripts() {
  begin scripts
  installs npm install "$tarball" || return
  [ -f node_modules/fear-nas/build/native/fear_nas.node ] && echo 'built by the install script' || echo 'the install script was blocked'
  searches - node_modules/.bin/fear-nas
  ran_on native
}

try_ignore() {
  begin ignore
  installs npm install --ignore-scripts "$tarball" || return
  searches "$building" node_modules/.bin/fear-nas
  ran_on native
}

# Only Node and what a shell script needs.
try_nocompiler() {
  begin nocompiler
  mkdir bin
  for tool in node sh env; do ln -s "$(command -v $tool)" "bin/$tool"; done
  installs npm install --ignore-scripts "$tarball" || return
  searches 'native .*no C\+\+ compiler was found' env -u CXX PATH="$project/bin" node_modules/.bin/fear-nas
  ran_on wasm
}

try_readonly() {
  begin readonly
  installs npm install --ignore-scripts "$tarball" || return
  chmod -R a-w,a+rX node_modules
  mkdir results
  local as=()
  if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    chown -R 65534:65534 results home
    export FEAR_NAS_CACHE=
    as+=(env -u FEAR_NAS_CACHE -u XDG_CACHE_HOME "HOME=$project/home")
  else
    as=(env -u FEAR_NAS_CACHE -u XDG_CACHE_HOME "HOME=$project/home")
  fi
  searches "$building" "${as[@]}" node_modules/.bin/fear-nas
  ran_on native
  find home -name fear_nas.node
  chmod -R u+w node_modules
}

try_two() {
  begin two
  installs npm install --ignore-scripts "$tarball" || return
  local pids=() pid
  for i in 1 2; do
    node_modules/.bin/fear-nas search "$work/tiny.yaml" --quiet --out "$project/results/$i" >"$i.log" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || { echo "FAILED: two: a search"; failed=1; }; done
  grep -h native 1.log 2.log
  [ "$(cat 1.log 2.log | grep -c -E "$building")" = 1 ] || { echo "FAILED: two: not built once"; failed=1; }
  [ "$(cat results/?/journal.jsonl | grep -c '"engine":"native"')" -ge 2 ] || { echo "FAILED: two: not both on native"; failed=1; }
  echo "both searched in $((SECONDS - started)) s"
}

try_pnpm() {
  begin pnpm
  # Without the setting, pnpm 12 installs the package all the same, but ends with code 1 because it ran no install script.
  installs npx --yes pnpm add --config.strictDepBuilds=false --store-dir "$work/store" "$tarball" || return
  searches "$building" node_modules/.bin/fear-nas
  ran_on native
}

try_yarn() {
  begin yarn
  printf 'nodeLinker: node-modules\nenableGlobalCache: false\nenableTelemetry: false\n' >.yarnrc.yml
  touch yarn.lock
  installs npx --yes -p @yarnpkg/cli-dist@4 yarn add "fear-nas@file:$tarball" || return
  searches - node_modules/.bin/fear-nas
  ran_on native
}

try_pnp() {
  begin pnp
  printf 'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n' >.yarnrc.yml
  touch yarn.lock
  installs npx --yes -p @yarnpkg/cli-dist@4 yarn add "fear-nas@file:$tarball" || return
  searches - npx --yes -p @yarnpkg/cli-dist@4 yarn fear-nas
  ran_on native
}

try_global() {
  begin global
  installs npm install --global --ignore-scripts --prefix "$project/prefix" "$tarball" || return
  searches "$building" prefix/bin/fear-nas
  ran_on native
}

all=(npm scripts ignore nocompiler readonly two pnpm yarn pnp global)
for way in "${@:-${all[@]}}"; do
  declare -f "try_$way" >/dev/null || { echo "there is no way $way (${all[*]})" >&2; exit 2; }
  "try_$way"
  cd "$work" || exit 1
  chmod -R u+w "$project"
  rm -rf "$project"
done
exit $failed
