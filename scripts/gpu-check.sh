#!/usr/bin/env bash
# Checks the tensorflow engine on a machine with an NVIDIA GPU, in at most eight minutes: the conformance suite, a short search,
# step times beside the native engine, and the GPU's memory. Prints one block of Markdown, made to be pasted into an issue; it
# names no host, user or path.
#
#   make setup-tensorflow && scripts/gpu-check.sh
#   scripts/gpu-check.sh --cpu     the same course on a CPU, to try this script
#
# Exit codes: 0 all passed; 1 something failed (see the block); 2 there is no GPU, or no library.
set -uo pipefail
cd "$(dirname "$0")/.."

fail() { echo "gpu-check: $*" >&2; exit 2; }
wants_gpu=yes
case "${1:-}" in
  '') ;;
  --cpu) wants_gpu=no ;;
  *) fail "usage: scripts/gpu-check.sh [--cpu]" ;;
esac
[ -f dist/cli/main.js ] || fail "not built yet: run make build"
if [ $wants_gpu = yes ] && ! nvidia-smi --list-gpus >/dev/null 2>&1; then
  fail "nvidia-smi lists no GPU here. --cpu tries the script without one"
fi

folder=$(mktemp -d)
sampler=
trap 'if [ -n "$sampler" ]; then kill "$sampler" 2>/dev/null; fi; rm -rf "$folder"' EXIT
fear_nas() { node dist/cli/main.js "$@"; }
verdict=passed
# No paths and no escapes in what is pasted.
clean() { sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e "s#$folder#FOLDER#g" -e "s#$PWD#.#g" -e "s#${HOME:-/nowhere}#~#g"; }
# The wall-clock seconds of a step, and its verdict: ok, or what failed.
step() {
  local limit=$1 name=$2 started=$SECONDS
  shift 2
  if timeout "$limit" "$@" > "$folder/$name.out" 2> "$folder/$name.err"; then
    result="ok"
  else
    local code=$?
    if [ $code = 124 ]; then result="FAILED: not done within $limit s"; else result="FAILED: exit code $code"; fi
    verdict=FAILED
  fi
  taken=$((SECONDS - started))
}

if [ $wants_gpu = yes ]; then
  card=$(nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total --format=csv,noheader | head -n 1)
  cuda=$(nvidia-smi | grep -oE 'CUDA Version *: *[0-9.]+' | head -n 1)
else
  card='none: run with --cpu'
  cuda=
fi
FEAR_NAS_NO_BUILD=1 timeout 60 node dist/cli/main.js doctor 2>/dev/null | grep -A 1 -E '^  (tensorflow|native):' | clean > "$folder/doctor.txt"
grep -q '^  tensorflow: loads' "$folder/doctor.txt" || { clean < "$folder/doctor.txt" >&2; fail "the tensorflow engine does not load: run make setup-tensorflow"; }
if [ $wants_gpu = yes ] && ! grep -q '^  tensorflow: .*on the GPU' "$folder/doctor.txt"; then
  verdict='FAILED: TensorFlow computes on the CPU'
fi

step 200 conformance npx vitest run test/engines/tensorflow --reporter=dot
conformance="$result, $taken s: $(grep -oE 'Tests .*' "$folder/conformance.out" | clean | tail -n 1 | tr -s ' ')"

if [ $wants_gpu = yes ]; then
  (while sleep 0.5; do nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits; done > "$folder/memory.txt" 2>/dev/null) &
  sampler=$!
fi
step 120 search node dist/cli/main.js search search-configs/quick.yaml --engine tensorflow --workers 1 \
  --set budget.trials=3 --set data.train=2000 --set training.epochs=1 --set finalists=1 --out "$folder/run"
search="$result, $taken s: $(grep -oE 'test accuracy of the final network.*' "$folder/search.out" | clean | tr -d '│' | tr -s ' ')"
if [ -n "$sampler" ]; then
  kill "$sampler" 2>/dev/null
  sampler=
  memory="$(sort -n "$folder/memory.txt" | tail -n 1) MiB used at most"
else
  memory='not measured'
fi

rows=
shapes=('8 1 128' '16 1 128')
# Minutes on a CPU.
if [ $wants_gpu = yes ]; then shapes+=('16 5 256'); fi
for shape in "${shapes[@]}"; do
  read -r channels cells batch <<< "$shape"
  row="| $channels | $cells | $batch |"
  for engine in tensorflow native; do
    step 25 "bench-$engine" node dist/cli/main.js bench step --engine $engine --channels "$channels" --cells "$cells" --batch "$batch" --json
    milliseconds=$(node -e 'try { const r = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log((1000 * r.medianSeconds).toFixed(1)) } catch { console.log("-") }' < "$folder/bench-$engine.out")
    row="$row $milliseconds |"
  done
  rows="$rows$row"$'\n'
done

cat <<END
### fear-nas on a GPU: $verdict

- card: $card${cuda:+, $cuda}
- fear-nas $(node -p 'require("./package.json").version') at $(git rev-parse --short HEAD 2>/dev/null || echo 'no commit'), Node $(node -p process.version)
- conformance suite: $conformance
- search of 3 trials: $search
- memory of the GPU: $memory
- the whole check: $SECONDS s

| channels | cells | batch | tensorflow, ms a step | native, ms a step |
| --- | --- | --- | --- | --- |
$rows
\`\`\`
$(cat "$folder/doctor.txt")
$(if [ "$verdict" != passed ]; then for name in conformance search; do tail -n 5 "$folder/$name.err"; done | clean; fi)
\`\`\`
END
[ "$verdict" = passed ]
