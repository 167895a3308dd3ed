import type { Cell, Operation, PerNode } from './cell.js'

/**
 * NATS-Bench's own unique string of a cell, `Structure.to_unique_str(consider_zero=True)` in its `cell_infers`: zeros
 * spread through operations, skip connections vanish and the terms of each sum are sorted. Sums inside sums and zero
 * terms stay, so some duplicates keep different strings: 6,466 distinct ones are left of 15,625.
 */
export function natsBenchForm(cell: Cell): string {
  const terms: PerNode<string[]> = [['0'], [], [], []]
  for (const { from, to, operation } of cell) {
    const input = terms[from].toSorted().join('+')
    terms[to].push(natsBenchTerm(operation, input))
  }
  return terms[3].toSorted().join('+')
}

function natsBenchTerm(operation: Operation, input: string): string {
  if (operation === 'none' || input === '#') return '#'
  return operation === 'skip_connect' ? input : `(${input})@${operation}`
}

/**
 * The canonical form under commutativity and associativity of sums, folded identities and dropped zeros: each node is
 * the sorted multiset of its terms, and a skip connection pours its input's terms into the sum. 4,930 distinct forms.
 *
 * As in NATS-Bench, an operation on zero is zero (a batch norm's beta, a constant, is not counted as dependence on
 * the input), and a convolution that reaches a sum on two paths is not told apart from two convolutions.
 */
export function isomorphismForm(cell: Cell): string {
  const terms: PerNode<string[]> = [['x'], [], [], []]
  for (const { from, to, operation } of cell) {
    const input = terms[from]
    if (operation === 'none' || input.length === 0) continue
    if (operation === 'skip_connect') terms[to].push(...input)
    else terms[to].push(`${operation}(${sumOf(input)})`)
  }
  return sumOf(terms[3])
}

function sumOf(terms: readonly string[]): string {
  return terms.length === 0 ? '0' : terms.toSorted().join('+')
}
