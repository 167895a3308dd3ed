import { z } from 'zod'
import type { Engine } from '../../engines/engine.js'
import { moduleShape, valueShape } from '../../platform/parts/part-shapes.js'

/** The setting `engine`: a name, or the group of an engine from outside the package. */
export const engineSchema = z.union([
  z.enum(['auto', 'tensorflow', 'native', 'wasm', 'tfjs-cpu']),
  z.discriminatedUnion('name', [
    z.strictObject(moduleShape('makes an engine: (settings) => Engine, or a promise of one')),
    z.strictObject(valueShape<Engine>()),
  ]),
])
