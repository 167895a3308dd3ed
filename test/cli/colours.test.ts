import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const main = path.resolve('dist/cli/main.js')
/** Runs a command at a terminal of its own and prints what that was sent. */
const atTerminal = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)'
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0
if (!hasPython) process.stdout.write('skipped: colours at a terminal: python3 is absent\n')

function listed(env: Readonly<Record<string, string>>, isTerminal: boolean): string {
  expect(existsSync(main)).toBe(true)
  const command = [process.execPath, main, 'list', 'results/reference']
  // Nothing is inherited but where programs are: CI, TEAMCITY_VERSION, FORCE_COLOR and others change what chalk does.
  const { PATH = '', HOME = '' } = process.env
  const options = { encoding: 'utf8', env: { PATH, HOME, TERM: 'xterm-256color', ...env } } as const
  const [program = '', ...args] = isTerminal ? ['python3', '-c', atTerminal, ...command] : command
  const { status, stdout } = spawnSync(program, args, options)
  expect(status).toBe(0)
  return stdout
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours begin with
const colour = /\u001b\[\d/

describe('colours', () => {
  it.skipIf(!hasPython)('are shown at a terminal, but not where NO_COLOR is anything but empty', () => {
    expect(listed({}, true)).toMatch(colour)
    expect(listed({ NO_COLOR: '' }, true)).toMatch(colour)
    expect(listed({ NO_COLOR: '1' }, true)).not.toMatch(colour)
    expect(listed({ NO_COLOR: '0', FORCE_COLOR: '1' }, true)).not.toMatch(colour)
  })

  it('are shown elsewhere where FORCE_COLOR asks for them', () => {
    expect(listed({}, false)).not.toMatch(colour)
    expect(listed({ FORCE_COLOR: '1' }, false)).toMatch(colour)
    expect(listed({ FORCE_COLOR: '1', NO_COLOR: 'yes' }, false)).not.toMatch(colour)
  })
})
