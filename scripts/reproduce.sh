#!/bin/sh
# Runs the comparison of a configuration and then its ranking, which takes over what the comparison trained. Given again,
# it goes on where it was stopped or killed.
#
#   scripts/reproduce.sh search-configs/reference-fashion.yaml results/reproduce/fashion
set -eu
config=$1
folder=$2

fear_nas() { node "$(dirname "$0")/../dist/cli/main.js" "$@"; }

begin_or_go_on() {
  command=$1
  out=$2
  shift 2
  if [ -e "$out/journal.jsonl" ]; then fear_nas resume "$out"; else fear_nas "$command" "$config" --out "$out" "$@"; fi
}

begin_or_go_on compare "$folder"
begin_or_go_on rank "$folder-rank" --set "rank.from=$folder"
