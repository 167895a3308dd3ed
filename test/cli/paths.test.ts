import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'

const home = temporaryFolder('home')
mkdirSync(path.join(home, 'runs'))
writeFileSync(
  path.join(home, 'job.yaml'),
  `data: { name: arrays, path: ~/images.npz }
strategy: { name: module, module: ~/mine.mjs }
budget: { trials: 3 }
rank: { evaluators: [{ name: zero-cost }], from: [~/runs/a, ./b] }
`,
)

const fearNas = (...args: readonly string[]) => runCli(args, [], { HOME: home })

describe('~ in quotes and in configurations', () => {
  it('is the home directory', async () => {
    const { exitCode, stdout, stderr } = await fearNas('config', 'show', '~/job.yaml')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(`path: ${home}/images.npz`)
    expect(stdout).toContain(`module: ${home}/mine.mjs`)
    expect(stdout).toContain(`- ${home}/runs/a\n    - ./b`)
    expect(await fearNas('list', '~/runs')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync('~')).toBe(false)
  })

  it.each([['search search-configs/quick.yaml --out ~root/run'], ['config show ~root/job.yaml'], ['resume ~root/run']])(
    'is refused as the beginning of another name: %s',
    async (command) => {
      const { exitCode, stderr } = await fearNas(...command.split(' '))
      expect(exitCode).toBe(2)
      expect(stderr).toContain('begins with the home directory of another user, which is not looked up.')
      expect(stderr.trim().split('\n')).toHaveLength(1)
    },
  )
})
