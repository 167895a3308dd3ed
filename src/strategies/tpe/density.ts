import type { Rng } from '../../platform/rng.js'
import type { Choices } from '../../spaces/product-space.js'

/**
 * The probability that a draw keeps a member's choice; otherwise all choices of the decision are equally likely. On
 * average about one of the six edges of a NATS-Bench cell changes. Searches on its table are equally good with any
 * value from 0.6 to 0.95.
 */
const keeping = 0.8

/**
 * A kernel density over architectures, with a kernel around each member and one uniform component. A kernel keeps each
 * choice of its member with probability `keeping`, independently per decision. Choices that are good together stay
 * together.
 */
export class ChoiceDensity {
  readonly #members: readonly Choices[]
  readonly #decisions: readonly number[]

  /** @param decisions how many choices each decision has */
  constructor(members: readonly Choices[], decisions: readonly number[]) {
    this.#members = members
    this.#decisions = decisions
  }

  draw(rng: Rng): Choices {
    const member = this.#members[rng.integer(this.#members.length + 1)]
    return this.#decisions.map((count, i) =>
      member !== undefined && rng.nextFloat() < keeping ? (member[i] as number) : rng.integer(count),
    )
  }

  /** The probability of drawing these choices. */
  of(choices: Choices): number {
    let sum = this.#decisions.reduce((product, count) => product / count, 1)
    for (const member of this.#members) sum += this.#kernel(member, choices)
    return sum / (this.#members.length + 1)
  }

  #kernel(member: Choices, choices: Choices): number {
    let product = 1
    // The innermost loop of the model, so it avoids allocation.
    for (let i = 0; i < choices.length; i++) {
      product *= (1 - keeping) / (this.#decisions[i] as number) + (member[i] === choices[i] ? keeping : 0)
    }
    return product
  }
}
