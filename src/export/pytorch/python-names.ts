import type { EdgeSpec } from '../../networks/network-spec.js'

/**
 * Names of edges as parts of names in Python: `node1.0` is `node1_0`. Two that would become the same get numbers.
 *
 * @param edges all of the module
 */
export function pythonNames(edges: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set<string>(reserved)
  const names = new Map<string, string>()
  for (const edge of edges) {
    const word = edge.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?![A-Za-z])/, 'edge_')
    let name = word
    for (let number = 2; used.has(name); number++) name = `${word}_${number}`
    used.add(name)
    names.set(edge, name)
  }
  return names
}

/** Words of Python, and attributes of modules that the generated code uses itself or inherits. */
const reserved = [
  ...'False None True and as assert async await break class continue def del elif else except finally for from global'.split(
    ' ',
  ),
  ...'if import in is lambda nonlocal not or pass raise return try while with yield'.split(' '),
  ...'mean std classifier last_bn cells forward train eval training parameters buffers modules children apply'.split(
    ' ',
  ),
  ...'float half double to cpu cuda type state_dict load_state_dict zero_grad requires_grad_ share_memory extra_repr'.split(
    ' ',
  ),
]

/** The part of an edge's name behind that of its block. */
export function nameInBlock({ name }: EdgeSpec): string {
  return name.replace(/^cells\.\d+\./, '')
}

/** Text as a string of Python. JSON's escapes are Python's, but for pairs of surrogates, which are not escaped here. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
