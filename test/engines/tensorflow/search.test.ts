import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli, trialTable } from '../../cli/run-cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { cannotLoad } from './why-not.js'

const config = `data: { name: fashion-mnist, train: 300, validation: 150, test: 200, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 2, batch: 32 }
evaluator: { name: fear, threshold: 0.4, maxEpochs: 4, stage2: { epochs: 1, batch: 64 } }
budget: { trials: 4 }
finalists: 1
engine: tensorflow
`

describe.skipIf(await cannotLoad('a search on libtensorflow'))('a search on libtensorflow', () => {
  const folder = temporaryFolder('tensorflow')
  const out = (name: string): string => path.join(folder, name)
  const compare = (name: string, workers: number) =>
    runCli(['compare', out('tiny.yaml'), '--json', '--workers', String(workers), '--out', out(name)])

  beforeAll(() => writeFileSync(out('tiny.yaml'), config))

  it('ends well, and gives the same trial table with one process and with two', async () => {
    const one = await compare('one', 1)
    expect(one).toMatchObject({ exitCode: 0 })
    const { engine, workers } = JSON.parse(one.stdout)
    expect([engine.name, engine.isolation, workers]).toEqual(['tensorflow', 'process', 1])
    expect(await compare('two', 2)).toMatchObject({ exitCode: 0 })
    expect(trialTable(out('one'))).toHaveLength(9)
    expect(trialTable(out('two'))).toEqual(trialTable(out('one')))
  }, 180_000)
})
