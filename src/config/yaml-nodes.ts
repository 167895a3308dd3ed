import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'

interface Problem {
  readonly offset: number
  readonly sentence: string
}

/** Limits on aliases: a few lines can expand to billions of values. */
const mostAliases = 1000
const mostNodes = 100_000

/** The first part of a parsed document that cannot become plain values; null if there is none. */
export function checkNodes(document: Document): Problem | null {
  try {
    new NodeCheck().sizeOf(document.contents)
    return null
  } catch (error) {
    if (error instanceof Found) return error
    throw error
  }
}

/** Ends the walk. */
class Found extends Error implements Problem {
  readonly offset: number
  readonly sentence: string

  constructor(at: unknown, sentence: string) {
    super(sentence)
    this.offset = (isNode(at) ? at.range?.[0] : undefined) ?? 0
    this.sentence = sentence
  }
}

class NodeCheck {
  /** The last node of each anchor; the size is null while that node is being visited. */
  readonly #anchors = new Map<string, { readonly node: unknown; size: number | null }>()
  #aliases = 0

  /** Number of nodes after expanding aliases. */
  sizeOf(node: unknown): number {
    if (isAlias(node)) return this.#sizeOfAlias(node)
    if (!isNode(node)) return 1
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    const named: { readonly node: unknown; size: number | null } = { node, size: null }
    if (anchor !== undefined) this.#anchors.set(anchor, named)
    let size = 1
    if (isMap(node)) size += this.#sizeOfMap(node)
    if (isSeq(node)) for (const item of node.items) size += this.sizeOf(item)
    named.size = size
    return this.#limited(node, size)
  }

  #sizeOfAlias(alias: { readonly source: string }): number {
    const { source } = alias
    this.#aliases++
    if (this.#aliases > mostAliases) throw new Found(alias, `more than ${mostAliases} aliases are used. Use fewer.`)
    const named = this.#anchors.get(source)
    if (named === undefined) {
      throw new Found(
        alias,
        `the alias *${source} has no anchor &${source} before it. Define the anchor, or quote the value.`,
      )
    }
    if (named.size === null)
      throw new Found(alias, `the alias *${source} is inside its own anchor &${source}. Write the value out.`)
    return this.#limited(alias, named.size)
  }

  #limited(node: unknown, size: number): number {
    if (size <= mostNodes) return size
    throw new Found(node, `with its aliases written out this comes to more than ${mostNodes} values. Use fewer.`)
  }

  #sizeOfMap(map: YAMLMap): number {
    const keys = new Set<unknown>()
    let size = 0
    for (const pair of map.items) {
      if (isMerge(pair)) {
        size += this.sizeOf(pair.value)
        this.#checkMerge(pair)
        continue
      }
      const { key } = pair
      if (!isScalar(key) || key.value === null) {
        throw new Found(isNode(key) ? key : pair.value, 'a key must be a word, the name of a setting.')
      }
      const name = String(key.value)
      // As an object's key it would set the object's prototype.
      if (name === '__proto__') throw new Found(key, '__proto__ is not a setting.')
      if (keys.has(name)) throw new Found(key, `the key ${name} is there twice in this group. Remove one.`)
      keys.add(name)
      size += this.sizeOf(pair.value)
    }
    return size
  }

  #checkMerge({ value }: Pair): void {
    const sources = isSeq(value) ? value.items : [value]
    for (const source of sources) {
      const target = isAlias(source) ? this.#anchors.get(source.source)?.node : source
      if (isMap(target)) continue
      throw new Found(
        isNode(source) ? source : value,
        '<< must have a group of settings, such as an alias of one: <<: *anchor.',
      )
    }
  }
}

/** `<<`, unless it is quoted. */
function isMerge({ key }: Pair): boolean {
  if (!isScalar(key)) return false
  const { type, value } = key
  return typeof value === 'symbol' || (value === '<<' && (type === 'PLAIN' || type === undefined))
}
