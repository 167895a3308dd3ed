import { describeStrategy } from '../../src/conformance/index.js'
import { createSuccessiveHalving } from '../../src/strategies/fidelities/successive-halving.js'

const name = 'successive-halving'

describeStrategy(
  name,
  (options, space, rng) => createSuccessiveHalving({ name, eta: 3, initial: 9, ...options }, space, rng),
  { fidelities: 3 },
)
