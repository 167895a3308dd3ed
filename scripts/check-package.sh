#!/usr/bin/env bash
# Checks the package as it would be published with publint and arethetypeswrong, which come from the registry: exports that
# resolve, types that fit them, files that are there. The package is of ES modules alone, hence the profile.
#
#   scripts/check-package.sh     after `npm run build`
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tarball=$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")
if ! npx --yes publint@0.3.25 --version >/dev/null 2>&1; then
  echo "skipped: publint and arethetypeswrong: npm could not fetch publint"
  exit 0
fi
npx --yes publint@0.3.25 "$tarball" --strict
npx --yes @arethetypeswrong/cli@0.18.5 "$tarball" --profile esm-only
