import type { Cell, CellEdge } from './cell.js'

/**
 * NATS-Bench's own unique string of a cell, `Structure.to_unique_str(consider_zero=True)` in its `cell_infers`: zeros
 * spread through operations, skip connections vanish and the terms of each sum are sorted. Nested sums and zero terms
 * stay, so some duplicates keep different strings: 6,466 distinct ones of the 15,625 of nats-tss.
 */
export function natsBenchForm(nodes: number, cell: Cell): string {
  const terms = emptyTerms(nodes, '0')
  for (const { from, to, operation } of cell) {
    const input = sumOf(terms[from] as string[])
    ;(terms[to] as string[]).push(natsBenchTerm(operation, input))
  }
  return sumOf(terms[nodes - 1] as string[])
}

function natsBenchTerm(operation: CellEdge['operation'], input: string): string {
  if (operation === 'none' || input === '#') return '#'
  return operation === 'skip_connect' ? input : `(${input})@${operation}`
}

/**
 * The canonical form under commutativity and associativity of sums, folded identities and dropped zeros: each node is
 * the sorted multiset of its terms, and a skip connection adds its input's terms to the sum. 4,930 distinct forms of
 * nats-tss.
 *
 * As in NATS-Bench, an operation on zero is zero (a batch norm's beta, a constant, is not counted as dependence on the
 * input), and a convolution that reaches a sum on two paths is not distinguished from two convolutions.
 */
export function isomorphismForm(nodes: number, cell: Cell): string {
  const terms = emptyTerms(nodes, 'x')
  for (const { from, to, operation } of cell) {
    const input = terms[from] as string[]
    if (operation === 'none' || input.length === 0) continue
    const output = terms[to] as string[]
    if (operation === 'skip_connect') output.push(...input)
    else output.push(`${operation}(${sumOf(input)})`)
  }
  const output = terms[nodes - 1] as string[]
  return output.length === 0 ? '0' : sumOf(output)
}

/** The terms of each node's sum: `input` for node 0, none yet for the others. */
function emptyTerms(nodes: number, input: string): string[][] {
  return Array.from({ length: nodes }, (_, node) => (node === 0 ? [input] : []))
}

function sumOf(terms: readonly string[]): string {
  return terms.length === 1 ? (terms[0] as string) : terms.toSorted().join('+')
}
