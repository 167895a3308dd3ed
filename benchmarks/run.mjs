/*
 * Every benchmark, one after the other: timings must never run side by side. Run by `make bench`; `--quick` leaves the
 * scaling of workers out.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const quick = process.argv.includes('--quick')
for (const name of quick ? ['step'] : ['step', 'workers']) {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url))], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
