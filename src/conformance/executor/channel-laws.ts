import { expect } from 'vitest'
import type { Evaluation } from '../../evaluators/evaluator.js'
import type { FearOptions } from '../../evaluators/fear/options.js'
import { fullTrainingOptions } from '../../evaluators/full-training/settings.js'
import type { Outcome } from '../../evaluators/outcome.js'
import type { Channel, ChannelMember, ChannelNumbers } from '../../execution/channel/channel.js'
import type { EvaluationTask } from '../../execution/executor.js'
import { budgetUnits, type TaskBudget } from '../../execution/task-limits.js'
import { expectAllAtOnce } from './at-a-time.js'
import { type DeclareLaw, sent, type TestedExecutor } from './executor-law.js'
import { endlessTask, tinyFear, tinyTask } from './tiny-setup.js'

const inSeconds: FearOptions = { ...tinyFear, cost: 'seconds' }
const rejection = { kind: 'shared', number: 'cheapest' } as const

/** What running trials share: a reference for rejection, and a budget. */
export function declareChannelLaws(law: DeclareLaw, tested: () => TestedExecutor): void {
  /** Opens a channel for `tasks` tasks, and closes it when `use` has ended. */
  const withChannel = async (
    numbers: ChannelNumbers,
    tasks: number,
    use: (channel: Channel) => Promise<void>,
  ): Promise<void> => {
    const channel = tested().executor.openChannel(numbers, tasks)
    try {
      await use(channel)
    } finally {
      channel.close()
    }
  }
  const evaluate = (task: EvaluationTask, { ref }: ChannelMember): Promise<Evaluation> =>
    tested().executor.evaluate(sent({ ...task, channel: ref }))
  const outcomeIn = async (channel: Channel, task: EvaluationTask): Promise<Outcome> => {
    const member = channel.join()
    const { outcome } = await evaluate(task, member)
    member.leave()
    return outcome
  }

  law('compares a trial with a shared reference, which it lowers', () =>
    withChannel({ cheapest: 'min' }, 1, async (channel) => {
      const scored = await outcomeIn(channel, tinyTask(0, { evaluator: inSeconds, rejection }))
      expect(scored.kind).toBe('scored')
      expect(channel.read('cheapest')).toBeGreaterThan(0)
      expect(channel.read('cheapest')).toBeLessThanOrEqual(scored.phases.stage1?.computeSeconds ?? 0)
      channel.publish('cheapest', 1e-9)
      const slow = await outcomeIn(channel, tinyTask(3, { evaluator: inSeconds, rejection }))
      expect(slow).toMatchObject({ kind: 'rejected', unit: 'seconds' })
    }),
  )

  // One worker runs one trial: there is no other to tell.
  law('tells running trials of a reference that another one has lowered', () => expectAllAtOnce(tested().executor))

  /** Runs some tasks under one budget, and checks what is known of each afterwards. */
  const underBudget = async (
    budget: TaskBudget,
    tasks: readonly EvaluationTask[],
    check: (...outcomes: readonly Outcome[]) => void,
  ): Promise<void> => {
    const units = budgetUnits.filter((unit) => budget.limits[unit] !== undefined)
    const numbers = Object.fromEntries(units.map((unit) => [unit, 'sum'] as const))
    await withChannel(numbers, tasks.length, async (channel) => {
      const members = tasks.map(() => channel.join())
      const running = tasks.map((task, i) => evaluate({ ...task, budget }, members[i] as ChannelMember))
      const outcomes = (await Promise.all(running)).map(({ outcome }) => outcome)
      for (const [i, { cost }] of outcomes.entries()) {
        for (const unit of units) {
          // Published after the last step; seconds go on until the task has ended.
          expect(members[i]?.values()[unit]).toBeGreaterThan(0)
          expect(members[i]?.values()[unit]).toBeLessThanOrEqual(cost[unit])
        }
      }
      check(...outcomes)
    })
  }

  law('ends a trial at the step that exceeds a limit, and charges what there was', () =>
    underBudget({ limits: { epochs: 3 } }, [endlessTask], (outcome) => {
      // Three steps an epoch.
      expect(outcome).toMatchObject({ kind: 'aborted', phase: 'stage1', cost: { steps: 10 } })
      expect(outcome?.cost.epochs).toBeCloseTo(10 / 3, 12)
      expect(outcome?.phases).toEqual({ stage1: outcome?.cost })
    }),
  )

  law('ends all trials that share a limit when together they exceed it', () =>
    underBudget({ limits: { computeSeconds: 0.2 } }, [endlessTask, endlessTask], (...outcomes) => {
      expect(outcomes.map(({ kind }) => kind)).toEqual(['aborted', 'aborted'])
      expect(outcomes.reduce((sum, { cost }) => sum + cost.computeSeconds, 0)).toBeGreaterThan(0.2)
    }),
  )

  law('ends a trial when its wall-clock seconds are over', () =>
    underBudget({ limits: {}, wallSeconds: 0.1 }, [endlessTask], (outcome) => {
      expect(outcome?.kind).toBe('aborted')
      // They begin a moment before the trial's own seconds do.
      expect(outcome?.cost.computeSeconds).toBeGreaterThan(0.09)
    }),
  )

  law('lets a trial finish that fits in exactly', () => {
    const { epochs } = tested().setup.recipe
    const task = tinyTask(1, { evaluator: fullTrainingOptions })
    return underBudget({ limits: { epochs }, wallSeconds: 600 }, [task], (outcome) => {
      expect(outcome).toMatchObject({ kind: 'scored', cost: { epochs } })
    })
  })

  law('ends a trial that was aborted before it began, at its first step', () =>
    withChannel({}, 1, async (channel) => {
      channel.abort()
      const outcome = await outcomeIn(channel, endlessTask)
      expect(outcome).toMatchObject({ kind: 'aborted', cost: { steps: 1 } })
    }),
  )

  law('ends a running trial that the driver aborts', () =>
    withChannel({ epochs: 'sum' }, 1, async (channel) => {
      const member = channel.join()
      const running = evaluate({ ...endlessTask, budget: { limits: { epochs: 1e9 } } }, member)
      await expect.poll(() => channel.read('epochs'), { timeout: 30_000, interval: 5 }).toBeGreaterThan(0)
      const heard = channel.read('epochs')
      channel.abort()
      const { outcome } = await running
      expect(outcome.kind).toBe('aborted')
      expect(outcome.cost.epochs).toBeGreaterThanOrEqual(heard)
    }),
  )
}
