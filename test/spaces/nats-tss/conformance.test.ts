import { describeSpace } from '../../../src/conformance/index.js'
import { smallMacro } from '../../../src/conformance/space/describe-space.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { cifar10Macro, tinyMacro } from './cells.js'

describeSpace('nats-tss', natsTss, {
  macros: [
    smallMacro,
    cifar10Macro,
    tinyMacro,
    { channels: 8, cells: 2, input: { channels: 1, height: 28, width: 12 }, classes: 47 },
  ],
})
