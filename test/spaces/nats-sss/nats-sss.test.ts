import { describe, expect, it } from 'vitest'
import { describeSpace } from '../../../src/conformance/index.js'
import { smallMacro } from '../../../src/conformance/space/describe-space.js'
import { forwardFlops } from '../../../src/networks/flops.js'
import { parameterCount } from '../../../src/networks/parameters.js'
import { ArchitectureError, ConfigError } from '../../../src/platform/errors.js'
import { natsSss } from '../../../src/spaces/nats-sss/index.js'
import { cifar10Macro } from '../nats-tss/cells.js'

describeSpace('nats-sss', natsSss, { macros: [smallMacro, cifar10Macro] })

describe('nats-sss', () => {
  it('has 8^5 architectures, all different networks', () => {
    expect(natsSss.size).toBe(32_768)
    expect(natsSss.distinct('isomorphism')).toBe(32_768)
    expect([0, 12, 32_767].map(natsSss.at)).toEqual(['8:8:8:8:8', '8:8:8:16:40', '64:64:64:64:64'])
  })

  // Millions as stored in NATS-Bench. Of index 12 its notebook create-query-sss prints params and flops; the others' are
  // known from users of the benchmark who compared them with networks of their own.
  it.each([
    { text: '8:8:8:8:8', params: 0.011714 },
    { text: '8:8:8:16:40', params: 0.067378 },
    { text: '8:8:16:40:40', params: 0.107826 },
    { text: '64:64:64:64:64', params: 0.713674 },
  ])('$text has $params million parameters, as in NATS-Bench', ({ text, params }) => {
    expect(parameterCount(natsSss.network(text, cifar10Macro))).toBe(Math.round(params * 1e6))
  })

  it("counts FLOPs as NATS-Bench's API does: multiply-adds, and the ten biases", () => {
    expect(forwardFlops(natsSss.network('8:8:8:16:40', cifar10Macro)) / 2 + 10).toBe(7_991_706)
  })

  it('projects a skip connection between different widths, and leaves equal ones alone', () => {
    const named = (text: string) =>
      natsSss.network(text, cifar10Macro).edges.filter(({ name }) => name.endsWith('node3.0'))
    expect(named('8:16:16:24:32').map(({ op }) => op)).toEqual(['skip', 'skip', 'conv'])
    expect(named('8:16:16:24:32')[2]).toMatchObject({ kernel: 1, relu: false, batchNorm: true })
  })

  it('takes no notice of channels and cells', () => {
    const { input, classes } = cifar10Macro
    expect(natsSss.network('8:8:8:8:8', { input, classes })).toEqual(natsSss.network('8:8:8:8:8', cifar10Macro))
  })

  it('refuses images that cannot be halved twice', () => {
    const input = { channels: 3, height: 30, width: 30 }
    expect(() => natsSss.network('8:8:8:8:8', { ...cifar10Macro, input })).toThrow(ConfigError)
  })

  it.each([
    { text: '8:8:8:8', fault: 'expected 5 numbers, got 4' },
    { text: '8:8:20:8:8', fault: 'layer 3 must have one of 8, 16, 24, 32, 40, 48, 56, 64 channels, got "20"' },
    { text: '08:8:8:8:8', fault: 'layer 1 must have one of 8, 16, 24, 32, 40, 48, 56, 64 channels, got "08"' },
  ])('says what is wrong with $text', ({ text, fault }) => {
    expect(() => natsSss.parse(text)).toThrow(
      new ArchitectureError(`Not an architecture of nats-sss: "${text}": ${fault}. The form is 8:16:24:64:64.`),
    )
  })
})
