import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readJournal } from '../../src/journal/read-journal.js'
import { journalPath } from '../../src/journal/run-directory.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'

/** The command line in a pseudo-terminal that is closed when a text is on it. */
const program = fileURLToPath(new URL('./close-terminal.py', import.meta.url))
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0
if (!hasPython) process.stdout.write('skipped: closing the terminal of a run: it needs python3 with its module pty\n')

const folder = temporaryFolder('terminal')
const configFile = path.join(folder, 'tiny.yaml')
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 100, test: 100, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 2, batch: 32 }
evaluator: { name: full-training }
budget: { trials: 8 }
seed: 3
`,
)

describe.skipIf(!hasPython)('a run whose terminal is closed', () => {
  it.each([
    ['heard', 'thread', true],
    ['heard', 'process', true],
    // As of a run that was begun in the background of a shell.
    ['unheard', 'thread', false],
  ] as const)('ends as any other: %s, isolation: %s', async (hangup, isolation, stopped) => {
    const directory = path.join(folder, `${hangup}-${isolation}`)
    const args = ['search', configFile, '--out', directory, '--workers', '1', '--set', `isolation=${isolation}`]
    const command = [process.execPath, path.resolve('dist/cli/main.js'), ...args]
    const { stdout, stderr } = spawnSync('python3', [program, hangup, '2/8', ...command], { encoding: 'utf8' })
    expect({ ended: stdout.trim(), stderr }).toEqual({ ended: 'exit code 0', stderr: '' })
    const { events } = await readJournal(journalPath(directory))
    expect(events.at(-1)).toMatchObject({ event: 'run.finished', stopped })
    if (!stopped) return
    const count = (kind: string): number => events.filter(({ event }) => event === kind).length
    expect(count('trial.finished')).toBe(count('trial.started'))
    expect(await runCli(['resume', directory, '--quiet'])).toMatchObject({ exitCode: 0 })
    const resumed = await readJournal(journalPath(directory))
    expect(resumed.events.at(-1)).toMatchObject({ event: 'run.finished', stopped: false })
  })
})
