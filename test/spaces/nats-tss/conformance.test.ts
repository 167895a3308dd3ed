import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { describeSearchSpace } from '../../conformance/space-conformance.js'
import { cifar10Macro, tinyMacro } from './cells.js'

describeSearchSpace('nats-tss', natsTss, [
  cifar10Macro,
  tinyMacro,
  { channels: 8, cells: 2, input: { channels: 1, height: 28, width: 12 }, classes: 47 },
])
