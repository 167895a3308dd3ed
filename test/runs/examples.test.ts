import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPacked, run } from '../support/packed-package.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('examples')
const programs = ['search']

/** As a user has it: strict, and with nothing of the repository's. */
const compilerOptions = {
  target: 'ES2023',
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  skipLibCheck: false,
}

beforeAll(() => {
  installPacked(folder)
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  for (const name of programs) cpSync(`examples/${name}.ts`, path.join(folder, `${name}.ts`))
  run(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '-p', '.'], folder)
}, 120_000)

describe('examples, with the packed package in a folder outside the repository', () => {
  it('search.ts is the shortest program: it finds a network and loads it', () => {
    const lines = run(process.execPath, ['search.js'], folder).trim().split('\n')
    expect(lines.filter((line) => line === 'trial-finished')).toHaveLength(40)
    expect(lines.at(-1)).toMatch(/^\|\S+\| 0\.[678]\d*$/)
    const { command, config } = JSON.parse(readFileSync(path.join(folder, 'results/mine/summary.json'), 'utf8'))
    expect(command).toBe('fear-nas search')
    expect(config.data).toMatchObject({ train: 2000, test: 0 })
  }, 300_000)
})
