import { displayNamed } from '../../evaluators/registry.js'
import type { Summary } from '../../results/summary.js'

/** The title of an arm in a sentence: its evaluator in words if no other arm has it, otherwise its name. */
export function armTitle(name: string, { arms }: Pick<Summary, 'arms'>): string {
  const evaluator = arms[name]?.evaluator
  const alike = Object.values(arms).filter((arm) => arm.evaluator === evaluator)
  return (alike.length === 1 && evaluator !== undefined && displayNamed(evaluator).title) || name
}
