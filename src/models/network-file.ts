import { z } from 'zod'
import { type Dataset, mostClasses } from '../datasets/dataset.js'
import { arraysOf, bytesOfArrays, weightsIn } from '../networks/weight-bytes.js'
import type { NetworkWeights } from '../networks/weights.js'
import { NetworkFileError } from '../platform/errors.js'
import { sha256 } from '../platform/sha256.js'
import type { SpaceSetup } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import { placedSpaceSchema } from './space-schema.js'

/** The header of a network file: everything except the weights. */
export interface NetworkFacts {
  readonly architecture: Architecture
  readonly trial: number
  /** In 0..1; null of a network that was trained on the validation images, too. */
  readonly validationAccuracy: number | null
}

/** What is needed to build a network again and to show it images. */
export interface NetworkSurroundings {
  /** The search space, and in `macro` what stands around the cells: the input's shape, and the number of classes. */
  readonly space: SpaceSetup
  /** In the order of the network's outputs. */
  readonly classNames: readonly string[]
  /** Networks see `(byte / 255 - mean) / std`, per channel. */
  readonly normalisation: Dataset['normalisation']
}

/** A network file that was read. */
export interface DecodedNetwork extends NetworkFacts {
  readonly weights: NetworkWeights
  /** Null in files of version 1, which hold none. */
  readonly surroundings: NetworkSurroundings | null
}

/** The first bytes of a network file: what it is, and the version of the format. */
const magics = { FEARNAS1: 1, FEARNAS2: 2 } as const
const magicBytes = 8

/** Enough for the names of 65,536 classes, of 255 bytes each, the architecture and the settings of modules. */
const mostHeaderBytes = 2 ** 25

const count = z
  .int()
  .min(0)
  .max(2 ** 31)
/** Both versions have these. Lengths are those of the arrays of float32, little endian, that follow the header. */
const plainHeader = z.looseObject({
  architecture: z.string(),
  trial: count,
  validationAccuracy: z.number().min(0).max(1).nullable(),
  parameters: count,
  statistics: count,
  /** SHA-256 of the arrays, in hexadecimal. Absent in files of version 1 and in the first ones of version 2. */
  sha256: z.string().optional(),
})
const perChannel = z.array(z.number()).min(1)
const surroundingsSchema = z
  .looseObject({
    space: placedSpaceSchema,
    classNames: z.array(z.string()).max(mostClasses),
    normalisation: z.object({ mean: perChannel, std: perChannel }),
  })
  .refine(({ classNames, space }) => classNames.length === space.macro.classes, 'has not a name for each class')
  .refine(
    ({ normalisation: { mean, std }, space: { macro } }) =>
      [mean, std].every(({ length }) => length === macro.input.channels),
    'has not a normalisation for each channel',
  )

/**
 * A trained network as a file: 8 bytes `FEARNAS2`, the header's length (uint32, little endian), a JSON header, then
 * parameters, running means and running variances as float32, little endian, in the order of `parameterLayout`.
 */
export function encodeNetwork(
  { architecture, trial, validationAccuracy }: NetworkFacts,
  { classNames, normalisation, space }: NetworkSurroundings,
  weights: NetworkWeights,
): Uint8Array {
  const arrays = bytesOfArrays(arraysOf(weights))
  const header = {
    architecture,
    trial,
    validationAccuracy,
    parameters: weights.parameters.length,
    statistics: weights.runningMean.length,
    space,
    classNames,
    normalisation,
    sha256: sha256(arrays),
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([Buffer.from('FEARNAS2'), length, text, arrays])
}

/**
 * Reads what `encodeNetwork` wrote, in this version or the first one, which had no surroundings.
 *
 * @param name of the file, for messages
 * @throws NetworkFileError if the bytes are not a complete network file.
 */
export function decodeNetwork(bytes: Uint8Array, name = 'The network file'): DecodedNetwork {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = file.toString('latin1', 0, magicBytes)
  if (!isMagic(magic)) {
    const known = magic.startsWith('FEARNAS')
    throw new NetworkFileError(
      known
        ? `${name} is of version ${JSON.stringify(magic.slice(7))} of the format; this program reads 1 and 2. Use the version of fear-nas that wrote it.`
        : `${name} is not a network file: it does not begin with FEARNAS. Name a best-*.bin of a run directory.`,
    )
  }
  const { header, end } = readHeader(file, name)
  const plain = checked(plainHeader, header, name)
  const { architecture, parameters, sha256: written, statistics, trial, validationAccuracy } = plain
  if (file.length !== end + 4 * (parameters + 2 * statistics)) {
    throw damaged(name, `it has ${file.length} bytes, and its header says ${end + 4 * (parameters + 2 * statistics)}`)
  }
  if (written !== undefined && written !== sha256(file.subarray(end))) {
    throw damaged(name, 'its weights are not those that were written (their SHA-256 differs)')
  }
  const surroundings =
    magics[magic] === 1 ? null : (checked(surroundingsSchema, header, name) as unknown as NetworkSurroundings)
  const values = new Float32Array(Uint8Array.from(file.subarray(end)).buffer)
  return {
    architecture,
    trial,
    validationAccuracy,
    weights: weightsIn(values, 0, parameters, statistics),
    surroundings: surroundings && {
      space: surroundings.space,
      classNames: surroundings.classNames,
      normalisation: surroundings.normalisation,
    },
  }
}

function isMagic(text: string): text is keyof typeof magics {
  return Object.hasOwn(magics, text)
}

/** The JSON header, and the offset of the first byte behind it. */
function readHeader(file: Buffer, name: string): { readonly header: unknown; readonly end: number } {
  const start = magicBytes + 4
  if (file.length < start) throw damaged(name, `it ends after ${file.length} bytes`)
  const length = file.readUInt32LE(magicBytes)
  if (length > mostHeaderBytes || start + length > file.length) {
    throw damaged(name, `its header would have ${length} bytes`)
  }
  try {
    return { header: JSON.parse(file.toString('utf8', start, start + length)), end: start + length }
  } catch {
    throw damaged(name, 'its header is not JSON')
  }
}

function checked<T extends z.ZodType>(schema: T, header: unknown, name: string): z.output<T> {
  const { data, error } = schema.safeParse(header)
  if (error === undefined) return data as z.output<T>
  const [issue] = error.issues
  const where = issue?.path.map(String).join('.') || 'header'
  throw damaged(name, `${where}: ${issue?.message}`)
}

function damaged(name: string, what: string): NetworkFileError {
  return new NetworkFileError(`${name} is damaged: ${what}. Restore it, or let the run train the network again.`)
}
