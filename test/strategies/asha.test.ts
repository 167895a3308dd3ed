import { describeStrategy } from '../../src/conformance/index.js'
import { createAsha, defaultEta } from '../../src/strategies/fidelities/asha.js'

const name = 'asha'

describeStrategy(name, (options, space, rng) => createAsha({ name, eta: defaultEta, ...options }, space, rng), {
  fidelities: 3,
})
