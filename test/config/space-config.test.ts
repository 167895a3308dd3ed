import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig, loadYaml } from '../../src/config/load-config.js'
import { simulationSchema } from '../../src/config/schema/simulation.js'
import { spaceSetup } from '../../src/config/space-setup.js'
import { ConfigError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const file = path.join(temporaryFolder('space'), 'job.yaml')
const images = { channels: 3, height: 32, width: 32, classes: 10 }
const input = { channels: 3, height: 32, width: 32 }

function configOf(space: string) {
  writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 3 }\n${space}\n`)
  return loadConfig(file)
}

function complaint(space: string): string {
  try {
    configOf(space)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message.replaceAll(file, 'job.yaml')
  }
  return 'no complaint'
}

describe('space', () => {
  it('is nats-tss where it is left out or has no name, and reaches the workers as it always did', () => {
    const expected = { name: 'nats-tss', macro: { channels: 16, cells: 5, input, classes: 10 } }
    for (const space of ['', 'space: {}', 'space: { cells: 5 }', 'space: { name: nats-tss }']) {
      // The text is part of fingerprints.
      expect(JSON.stringify(spaceSetup(configOf(space).space, images))).toBe(JSON.stringify(expected))
    }
  })

  it('has the nodes and operations of a cell, by default those of nats-tss', () => {
    expect(
      spaceSetup(configOf('space: { name: cell, nodes: 5, operations: [none, sep_conv_3x3] }').space, images),
    ).toEqual({
      name: 'cell',
      nodes: 5,
      operations: ['none', 'sep_conv_3x3'],
      macro: { channels: 16, cells: 5, input, classes: 10 },
    })
    expect(configOf('space: { name: cell }').space).toMatchObject({
      nodes: 4,
      operations: ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'],
    })
  })

  it('has nothing else of nats-sss', () => {
    expect(spaceSetup(configOf('space: { name: nats-sss }').space, images)).toEqual({
      name: 'nats-sss',
      macro: { input, classes: 10 },
    })
  })

  it.each([
    {
      space: 'space: { name: nats-ss }',
      message:
        '3:16  space.name must be one of nats-tss, nats-sss, cell, module, got "nats-ss". Did you mean nats-sss?',
    },
    {
      space: 'space:\n  name: nats-sss\n  channels: 16',
      message: '5:13  space.channels must be left out: architectures of nats-sss have their own widths, got 16.',
    },
    {
      space: 'space:\n  name: cell\n  operations:\n    - none\n    - sep_conv_3',
      message:
        '7:7  space.operations.1 must be one of none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, ' +
        'sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, got "sep_conv_3". Did you mean sep_conv_3x3?',
    },
    { space: 'space: { name: cell, nodes: 9 }', message: '3:29  space.nodes must be at most 8, got 9.' },
    {
      space: 'space: { name: cell, nodes: 8 }',
      message:
        '3:8  space is not possible: This space cell has about 2^65 architectures, and at most 2^53 can be numbered.',
    },
    {
      space: 'space: { name: cell, operations: [none, none] }',
      message: '3:8  space is not possible: operations of a cell must be unique, got none twice.',
    },
    {
      space: 'space: { name: nats-tss, nodes: 4 }',
      message: '3:26  space.nodes is not a setting. Known settings: name, channels, cells.',
    },
    {
      space: 'space: { name: cell, nodes: 6 }\nstrategy: { name: enumeration }',
      message:
        '4:19  strategy.name enumeration evaluates a whole space, but cell has 30517578125 architectures here: more ' +
        'than 300000. Use random.',
    },
  ])('$space', ({ space, message }) => {
    expect(complaint(space)).toBe(`job.yaml:${message}`)
  })

  it('has cuts of its own, which FEAR may freeze at', () => {
    const fear = (cut: string) => `evaluator: { name: fear, threshold: 0.6, stage2: { cut: ${cut} } }`
    expect(complaint(`space: { name: nats-sss }\n${fear('cells.4')}`)).toBe('no complaint')
    expect(complaint(`space: { name: nats-sss }\n${fear('cells.9')}`)).toContain(
      'must be a cut of the network (cells.1, cells.2, cells.3, cells.4, last-stage, head), got cells.9',
    )
  })
})

describe('the space of a table', () => {
  const tableSpace = (set: string) => loadYaml(simulationSchema, null, ['table=t.csv', 'report=test', set]).space

  it('is a name, or a cell with its settings', () => {
    expect(tableSpace('space=nats-sss')).toEqual({ name: 'nats-sss' })
    expect(tableSpace('space={ name: cell, nodes: 3 }')).toMatchObject({ name: 'cell', nodes: 3 })
    expect(tableSpace('seed=1')).toEqual({ name: 'nats-tss' })
    expect(() => tableSpace('space=nats-ts')).toThrow('Did you mean nats-tss?')
  })
})
