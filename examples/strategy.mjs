import { scoreOf, shuffledOrder } from 'fear-nas'

/** @type {import('fear-nas').StrategyFactory<{ explore?: number }>} */
export default function createGreedy({ duplicates, explore = 0.2 }, space, rng) {
  // The whole space in random order, each network once.
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return {
    name: 'greedy',
    ask(history, stream) {
      const best = bestOf(history.trials)
      if (best === null || stream.next() < explore) return order.firstNew(history)
      const changed = space
        .neighbours(best.architecture)
        .filter((architecture) => !history.hasProposed(space.canonical(architecture, duplicates)))
      return changed[stream.integer(changed.length)] ?? order.firstNew(history)
    },
  }
}

/** @param {readonly import('fear-nas').FinishedTrial[]} trials */
function bestOf(trials) {
  let best = null
  for (const trial of trials) {
    // Without a score (rejected by FEAR, diverged, failed) it is never the best.
    if (trial.outcome.kind !== 'scored') continue
    if (best === null || scoreOf(trial) > scoreOf(best)) best = trial
  }
  return best
}
