import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoredOutcome, unscoredOutcome } from '../../src/conformance/strategy/outcomes.js'
import { networkSize, sizeUnits } from '../../src/networks/size.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { armFronts, type SizedNetwork } from '../../src/studies/arm-fronts.js'
import { runStudy } from '../../src/studies/run-study.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from './toy-study.js'

const { macro } = toyStudy.space
const trials = fc
  .array(fc.tuple(fc.nat(natsTss.size - 1), fc.option(fc.integer({ min: 0, max: 9 }))), { maxLength: 40 })
  .map((list) =>
    list.map(([place, score], index) => ({
      index,
      architecture: natsTss.at(place),
      outcome: score === null ? unscoredOutcome('rejected') : scoredOutcome(score / 10),
    })),
  )

const beats = (unit: (typeof sizeUnits)[number], a: SizedNetwork, b: SizedNetwork): boolean =>
  a[unit] <= b[unit] && a.value >= b.value && (a[unit] < b[unit] || a.value > b.value)

describe('the fronts of an arm', () => {
  it('hold a trial for each size and score that no other beats, with the sizes of its network', () => {
    fc.assert(
      fc.property(trials, (finished) => {
        const measured = {
          space: natsTss,
          macro,
          trainsInFull: false,
          trials: finished,
          finalists: [],
          secondsOf: null,
        } as const
        const { score } = armFronts(measured)
        const scored = finished.flatMap(({ index, architecture, outcome }) =>
          outcome.kind === 'scored'
            ? [
                {
                  trial: index,
                  architecture,
                  value: outcome.score,
                  ...networkSize(natsTss.network(architecture, macro)),
                },
              ]
            : [],
        )
        expect(score?.networks).toBe(scored.length)
        for (const unit of sizeUnits) {
          const front = score?.[unit] ?? []
          for (const member of front) {
            expect(scored).toContainEqual(member)
            expect(scored.filter((other) => beats(unit, other, member))).toEqual([])
          }
          for (const other of scored) {
            const isMet = ({ value, ...size }: SizedNetwork) => value >= other.value && size[unit] <= other[unit]
            expect(front.some(isMet)).toBe(true)
          }
          expect(new Set(front.map((member) => `${member[unit]} ${member.value}`)).size).toBe(front.length)
        }
      }),
    )
  })

  it('are by accuracy of what was trained in full only, and by score apart from that', async () => {
    const { arms } = (await runStudy(toyStudy, toyWorld(2))).result
    const [fear, full] = arms
    expect(fear?.pareto.accuracy).toMatchObject({ of: 'finalists', networks: 3 })
    expect(fear?.pareto.score?.networks).toBe(fear?.outcomes.scored)
    expect(full?.pareto).toMatchObject({ accuracy: { of: 'trials', networks: 30 }, score: null })
    // The most accurate network is beaten by none, and of those as accurate the smallest is the last.
    for (const arm of arms) {
      const last = arm.pareto.accuracy.params.at(-1)
      expect(last?.value).toBe(arm.best?.validationAccuracy)
    }
    const finalists = new Set(fear?.finalists.map(({ trial }) => trial))
    for (const { trial } of fear?.pareto.accuracy.flops ?? []) expect(finalists).toContain(trial)
  })

  it('are empty where nothing was scored', () => {
    const none = armFronts({ space: natsTss, macro, trainsInFull: true, trials: [], finalists: [], secondsOf: null })
    expect(none).toEqual({ accuracy: { of: 'trials', networks: 0, params: [], flops: [] }, score: null })
  })
})

it('by latency: no other network is as fast with a higher value', () => {
  // Seconds and score of each trial; 1 and 3 are beaten by 0, 4 by 2.
  const measured = [
    [2, 0.5],
    [3, 0.5],
    [1, 0.2],
    [2.5, 0.4],
    [1, 0.1],
    [4, 0.9],
  ] as const
  const finished = measured.map(([, score], index) => {
    return { index, architecture: natsTss.at(index), outcome: scoredOutcome(score) }
  })
  const secondsOf = (architecture: string): number => measured[natsTss.indexOf(architecture)]?.[0] ?? Number.NaN
  const arm = { space: natsTss, macro, trainsInFull: false, trials: finished, finalists: [] } as const
  const front = armFronts({ ...arm, secondsOf }).score?.latency
  expect(front?.map(({ trial, latencySeconds }) => [trial, latencySeconds])).toEqual([
    [2, 1],
    [0, 2],
    [5, 4],
  ])
  expect(armFronts({ ...arm, secondsOf: null }).score).not.toHaveProperty('latency')
})
