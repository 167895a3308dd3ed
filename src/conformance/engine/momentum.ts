import { expect } from 'vitest'
import type { Engine, TrainableNetwork } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { frozenPrefix, parameterCount } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import { conformanceNetworks } from './networks.js'
import { type EngineSuite, expectParameters, makeBatch, makeWeights, noUpdate, usualOptions } from './suite.js'

/** A network whose momentum can be read and set. */
type Resumable = TrainableNetwork & Required<Pick<TrainableNetwork, 'momentum' | 'setMomentum'>>

const options = { ...usualOptions, clipNorm: 0.05 }
const name = 'two cells and a reduction, 3 input channels'
const cut = 'cells.1'

/** The optimiser's state, by which a training that was killed goes on. Skipped for engines without it. */
export function momentumChecks(suite: EngineSuite): void {
  for (const [what, spec] of conformanceNetworks) {
    if (what !== name && what !== 'a separable convolution beside a dilated one') continue
    suite.check(`momentum: the weights and the momentum of a network go on as the network, bit for bit: ${what}`, () =>
      withResumable(suite, spec, (network, create) => {
        train(network, 0, 3)
        const other = create(network.weights())
        other.setMomentum(network.momentum())
        for (const each of [network, other]) train(each, 3, 6)
        expect(other.weights()).toEqual(network.weights())
        expect(other.momentum()).toEqual(network.momentum())
      }),
    )
  }
  const spec = conformanceNetworks.get(name) as NetworkSpec

  suite.check('momentum: above a frozen cut it goes on as the network, bit for bit', () =>
    withResumable(suite, spec, (network, create) => {
      train(network, 0, 2)
      network.freezeUpTo(cut)
      train(network, 2, 5)
      const other = create(network.weights())
      other.freezeUpTo(cut)
      other.setMomentum(network.momentum())
      for (const each of [network, other]) train(each, 5, 7)
      expect(other.weights()).toEqual(network.weights())
    }),
  )

  suite.check('momentum: after a step from rest it is the gradient', () =>
    withResumable(suite, spec, (network) => {
      const batch = makeBatch(spec, 8)
      const gradient = network.gradients(batch)
      network.trainStep(batch, { ...noUpdate, momentum: 0.9 })
      expectParameters(spec, network.momentum(), gradient, 'momentum')
    }),
  )

  suite.check('momentum: zeros before the first step, below a frozen cut and after freezing', () =>
    withResumable(suite, spec, (network) => {
      const zeros = new Float32Array(parameterCount(spec))
      expect(network.momentum()).toEqual(zeros)
      train(network, 0, 1)
      expect(network.momentum().some((value) => value !== 0)).toBe(true)
      network.freezeUpTo(cut)
      expect(network.momentum()).toEqual(zeros)
      train(network, 1, 2)
      const frozen = frozenPrefix(spec, spec.cuts.find((one) => one.name === cut)?.node ?? 0).parameters
      expect(network.momentum().subarray(0, frozen)).toEqual(zeros.subarray(0, frozen))
      expect(
        network
          .momentum()
          .subarray(frozen)
          .some((value) => value !== 0),
      ).toBe(true)
    }),
  )

  suite.check('momentum: goes in and out as copies, and weights that are set leave it alone', () =>
    withResumable(suite, spec, (network) => {
      train(network, 0, 2)
      const given = network.momentum()
      const expected = given.slice()
      network.setMomentum(given)
      given.fill(7)
      network.momentum().fill(8)
      network.setWeights(makeWeights(spec))
      expect(network.momentum()).toEqual(expected)
    }),
  )

  suite.check('momentum: EngineError for the wrong length, for anything else, and after dispose', () =>
    withResumable(suite, spec, (network, create) => {
      const right = network.momentum()
      for (const wrong of [right.subarray(1), Float64Array.from(right), [...right], null]) {
        expect(() => network.setMomentum(wrong as Float32Array)).toThrow(EngineError)
      }
      const gone = create(makeWeights(spec))
      gone.dispose()
      expect(() => gone.momentum()).toThrow(EngineError)
      expect(() => gone.setMomentum(right)).toThrow(EngineError)
    }),
  )
}

function train(network: TrainableNetwork, first: number, end: number): void {
  for (let step = first; step < end; step++) network.trainStep(makeBatch(network.spec, 8, step), options)
}

/**
 * Runs `body` with a network, and a function that creates more of the same architecture. Disposes all of them.
 *
 * @returns why it did not.
 */
function withResumable(
  suite: EngineSuite,
  spec: NetworkSpec,
  body: (network: Resumable, create: (weights: NetworkWeights) => Resumable) => void,
): string | undefined {
  const engine: Engine = suite.engine()
  const networks: TrainableNetwork[] = []
  const create = (weights: NetworkWeights): TrainableNetwork => {
    const network = engine.create(spec, weights)
    networks.push(network)
    return network
  }
  try {
    const network = create(makeWeights(spec))
    if (!isResumable(network)) return 'the engine does not tell its momentum'
    body(network, create as (weights: NetworkWeights) => Resumable)
    return undefined
  } finally {
    for (const network of networks) network.dispose()
  }
}

function isResumable(network: TrainableNetwork): network is Resumable {
  return network.momentum !== undefined && network.setMomentum !== undefined
}
