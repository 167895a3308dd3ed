import { z } from 'zod'
import type { ConfigPath } from './issues.js'
import { own } from './overrides.js'

/** The settings of the group at `target`, given the chosen names (of an evaluator, for instance). */
export function keysOf(root: z.ZodObject, values: unknown, target: ConfigPath): readonly string[] {
  const group = branchOf(schemaAt(root, values, target), valueAt(values, target))
  return group instanceof z.ZodObject ? Object.keys(group.shape) : []
}

/** The settings of the group at `target` if its name is `name`; null if a name does not determine them. */
export function keysNamed(
  root: z.ZodObject,
  values: unknown,
  target: ConfigPath,
  name: unknown,
): readonly string[] | null {
  const schema = schemaAt(root, values, target)
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null
  const group = branchOf(schema, { name })
  if (!(group instanceof z.ZodObject)) return null
  return Object.entries(group.shape).flatMap(([key, setting]) => (bare(setting) instanceof z.ZodNever ? [] : [key]))
}

/** The schema at `target`, without wrappers such as defaults. */
function schemaAt(root: z.ZodObject, values: unknown, target: ConfigPath): unknown {
  let schema: unknown = root
  let value = values
  for (const key of target) {
    const group = branchOf(schema, value)
    schema = bare(group instanceof z.ZodArray ? group.element : group instanceof z.ZodObject && own(group.shape, key))
    value = own(value, key)
  }
  return schema
}

function valueAt(values: unknown, target: ConfigPath): unknown {
  return target.reduce((value: unknown, key) => own(value, key), values)
}

const wrappers = [z.ZodDefault, z.ZodPrefault, z.ZodOptional, z.ZodNullable] as const

function bare(schema: unknown): unknown {
  let inner = schema
  while (wrappers.some((wrapper) => inner instanceof wrapper)) inner = (inner as z.ZodOptional).unwrap()
  // A name, or a group that is told from others by its own.
  if (inner instanceof z.ZodUnion && !(inner instanceof z.ZodDiscriminatedUnion)) {
    return inner.options.find((option) => option instanceof z.ZodDiscriminatedUnion) ?? inner
  }
  // A preprocessed value, such as the name of a space in place of a group.
  return inner instanceof z.ZodPipe && inner.in instanceof z.ZodTransform ? bare(inner.out) : inner
}

/** The branch of a union that a value chooses by its `name`. */
function branchOf(schema: unknown, value: unknown): unknown {
  const union = bare(schema)
  if (!(union instanceof z.ZodDiscriminatedUnion)) return union
  const name = own(value, 'name')
  return union.options.find((option) => {
    if (!(option instanceof z.ZodObject)) return false
    const named: unknown = option.shape.name
    const known = bare(named)
    if (name === undefined) return named instanceof z.ZodDefault
    if (known instanceof z.ZodEnum) return known.options.some((one) => one === name)
    return known instanceof z.ZodLiteral && known.value === name
  })
}
