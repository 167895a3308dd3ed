import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { anyJson, outcomeOf, readers, referenceRun, replaced, writeRun } from './foreign-runs.js'

const folder = temporaryFolder('foreign-values')
/** More of them: `FEAR_NAS_FUZZ=5000 npx vitest run test/reports/foreign-values.test.ts`. */
const runs = Number(process.env.FEAR_NAS_FUZZ ?? 60)

const choices = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 9 })
const changes = fc.array(fc.record({ choices, by: anyJson, inSummary: fc.boolean() }), { minLength: 1, maxLength: 2 })

describe.each(['quick', 'measures-in-training'])('a run like %s with values of any type at any place', (name) => {
  const run = referenceRun(name)

  it('is read, or refused by an error of ours, by everything that reads runs', async () => {
    const counts = { read: 0, refused: 0 }
    const directory = path.join(folder, name)
    let cases = 0
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        let { events, summary } = run
        for (const { choices, by, inSummary } of all) {
          if (inSummary) summary = replaced(summary, choices, by)
          else events = replaced(events, choices, by) as readonly unknown[]
        }
        if (!Array.isArray(events)) return
        writeRun(directory, { events, summary })
        cases++
        for (const [reader, read] of Object.entries(readers)) {
          // Drawing takes most of the time, and what is drawn is looked at in every case.
          if (reader === 'report' && cases % 10 !== 1) continue
          const { refused } = await outcomeOf(() => read(directory))
          if (refused) counts.refused++
          else counts.read++
        }
      }),
      { numRuns: runs },
    )
    expect(counts.read).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(0)
    if (process.env.FEAR_NAS_FUZZ !== undefined) process.stderr.write(`${name}: ${JSON.stringify(counts)}\n`)
  }, 3_600_000)
})
