import { expect, it } from 'vitest'
import { ArchitectureError } from '../../src/platform/errors.js'
import { countSpace, describeArchitecture } from '../../src/spaces/describe.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { cifar10Macro, uniformCell } from './nats-tss/cells.js'

it('describes a space', () => {
  expect(countSpace(natsTss)).toEqual({
    architectures: 15_625,
    connected: 15_284,
    canonical: { natsBench: 6_466, isomorphism: 4_930 },
  })
})

it('describes an architecture', () => {
  const text = uniformCell('skip_connect')
  expect(describeArchitecture(natsTss, ` ${text} `, cifar10Macro)).toEqual({
    architecture: text,
    connected: true,
    canonical: { natsBench: '0+0+0+0', isomorphism: 'x+x+x+x' },
    params: 73_306,
    flops: 15_566_080,
    neighbours: natsTss.neighbours(text),
  })
})

it('refuses what is no architecture', () => {
  expect(() => describeArchitecture(natsTss, 'resnet', cifar10Macro)).toThrow(ArchitectureError)
})
