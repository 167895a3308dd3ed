import type { RankingSummary } from '../../src/results/ranking-summary.js'
import type { RecordedRanking } from '../../src/results/recorded-run.js'
import type { MethodRun, RankingOptions } from '../../src/studies/index.js'
import { summariseRanking } from '../../src/studies/rank/summarise-ranking.js'
import { hash, toyFear, toyNetwork } from '../search/toy-evaluation.js'
import { toyFacts } from './toy-report.js'

const architectures = Array.from({ length: 40 }, (_, i) => `|nor_conv_3x3~0|<i>${i}</i>`)

/** A ranking whose scores are formulas, with the figures that a real one computes. */
export function toyRanking(): RecordedRanking {
  const runs: readonly MethodRun[] = [
    method('full-training', { name: 'full-training' }, 2, (architecture) => toyNetwork(architecture).accuracy),
    method('fear', toyFear, 0.3, (architecture) => toyNetwork(architecture).accuracy ** 2),
    method('zero-cost <synflow>', { name: 'zero-cost', measure: 'synflow', batch: 64 }, 0.002, (architecture) =>
      Math.exp(hash(architecture) / 2 ** 27),
    ),
  ]
  const truth = { accuracy: 'test', sharedSeeds: false, fingerprint: '0123456789abcdef' } as const
  const ranked = summariseRanking({ bootstrap: 50, seed: 1, truth } as unknown as RankingOptions, runs)
  const summary: RankingSummary = {
    schema: 1,
    ...toyFacts,
    command: 'fear-nas rank',
    truth,
    reusedTruths: 0,
    reusedEvaluations: 0,
    inTraining: null,
    stopped: false,
    ...ranked,
  }
  return { kind: 'ranking', summary, arms: new Map(), date: '2026-01-31T15:45:00.000Z' }
}

function method(
  name: string,
  evaluator: MethodRun['evaluator'],
  seconds: number,
  score: (architecture: string) => number,
): MethodRun {
  const trials = architectures.map((architecture, index) => {
    const cost = { computeSeconds: seconds * (1 + index / 40), trainingFlops: 1, steps: 1, epochs: 1 }
    return {
      index,
      architecture,
      outcome: {
        kind: 'scored' as const,
        score: score(architecture),
        metric: 'train-accuracy' as const,
        trainAccuracy: null,
        validationAccuracy: null,
        testAccuracy: toyNetwork(architecture).accuracy,
        cost,
        phases: { train: cost },
      },
    }
  })
  return { name, evaluator, trials, wallSeconds: 1 }
}
