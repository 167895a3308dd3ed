import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadConfig } from '../../src/config/load-config.js'
import { createRunDirectory } from '../../src/journal/run-directory.js'
import { type RunFacts, type Summary, summarise } from '../../src/results/summary.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import { runStudy } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { type ToyWorld, toyFear, toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from '../studies/toy-study.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const date = '2026-01-31T15:45:00.000Z'
const hardware = {
  cpu: 'A <b>fast</b> & "quiet" one',
  physicalCores: 2,
  logicalCores: 4,
  memoryBytes: 8 * 2 ** 30,
  platform: 'linux-x64',
  node: 'v20.19.0',
}

export const toyFacts: RunFacts = {
  command: 'fear-nas compare',
  config: loadConfig('search-configs/quick.yaml'),
  hardware,
  engine: { name: 'tfjs-cpu', version: '1', device: 'javascript', gpu: false, maxThreads: 1 },
  workers: 2,
  dataset: { name: 'fashion-mnist', fingerprint: '0123456789abcdef' },
  space: toyStudy.space,
}

const [fear, full] = toyStudy.arms as [StudyOptions['arms'][number], StudyOptions['arms'][number]]

/** FEAR with and without rejection, and full training. */
export const threeArms = [fear, { ...fear, name: 'patient', evaluator: { ...toyFear, ratio: null } }, full]
export const oneArm = [fear]

const folder = temporaryFolder('report')

/** Runs a study of formulas in a run directory of its own, and leaves there what a real run leaves. */
export async function recordToyStudy(
  name: string,
  changes: Partial<StudyOptions> = {},
  onEvent: (event: SearchEvent, stop: AbortController) => void = () => {},
  world: ToyWorld = toyWorld(2),
): Promise<{ readonly directory: string; readonly summary: Summary }> {
  const directory = await createRunDirectory(path.join(folder, name))
  const stop = new AbortController()
  try {
    const about = { date, hardware, engine: 'tfjs-cpu' as const }
    const { config } = toyFacts
    await directory.journal.append({ event: 'run.started', schema: 1, command: 'compare', config, seed: 7, ...about })
    const services = { journal: directory.journal, stop: stop.signal, onEvent: (e: SearchEvent) => onEvent(e, stop) }
    const { result } = await runStudy({ ...toyStudy, ...changes }, { ...world, ...services })
    const summary = summarise(toyFacts, result)
    writeFileSync(directory.file('summary.json'), JSON.stringify(summary))
    return { directory: directory.path, summary }
  } finally {
    await directory.close()
  }
}
