import { describe, expect, it } from 'vitest'
import { createProgressReporter } from '../../src/cli/progress.js'
import { runStudy } from '../../src/studies/run-study.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from '../studies/toy-study.js'
import { fakeTerminal } from './fake-terminal.js'

/** Tells a reporter of a whole comparison, in simulated time. */
async function tellStudy(options: { readonly isTTY: boolean; readonly quiet: boolean }) {
  const terminal = fakeTerminal(options.isTTY)
  const world = toyWorld(2)
  const progress = createProgressReporter({ stream: terminal.stream, clock: world.clock, quiet: options.quiet })
  const study = { ...toyStudy, budget: { trials: 4 } }
  await runStudy(study, { ...world, onEvent: (event) => progress.event(event) })
  progress.done()
  return terminal
}

describe('progress elsewhere than on a terminal', () => {
  it('is plain lines, one for each trial, with the best so far', async () => {
    const { screen, written } = await tellStudy({ isTTY: false, quiet: false })
    expect(written()).not.toContain('\u001b')
    expect(screen()).toMatchInlineSnapshot(`
      "
      [00:00] fear: random search with fear, 2 workers
      [00:14] fear 1/4 trials, best 52.16 %  trial 1: train-accuracy 52.16 % in 15 s  |skip_connect~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|skip_connect~1|avg_pool_3x3~2|
      [00:15] fear 2/4 trials, best 52.16 %  trial 0: train-accuracy 27.36 % in 16 s  |nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|
      [00:27] fear 3/4 trials, best 82.56 %  trial 3: train-accuracy 82.56 % in 11 s  |none~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|
      [00:42] fear 4/4 trials, best 82.56 %  trial 2: below threshold at training accuracy 40.00 % in 27 s  |skip_connect~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|none~1|none~2|
      [00:42] fear finalist: training trial 3 in full  |none~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|
      [00:42] fear finalist: training trial 1 in full  |skip_connect~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|skip_connect~1|avg_pool_3x3~2|
      [03:14] fear finalist  validation-accuracy 82.56 % in 2 min 32 s  |none~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|
      [03:14] fear finalist: training trial 0 in full  |nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|
      [04:00] fear finalist  validation-accuracy 52.16 % in 3 min 18 s  |skip_connect~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|skip_connect~1|avg_pool_3x3~2|
      [04:24] fear finalist  validation-accuracy 27.36 % in 1 min 10 s  |nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|
      [04:24] fear: 4 trials in 4 min 25 s (trials)
      [04:24] full: random search with full-training, 2 workers
      [05:35] full 1/4 trials, best 27.36 %  trial 0: validation-accuracy 27.36 % in 1 min 10 s  |nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|
      [07:24] full 2/4 trials, best 27.36 %  trial 2: validation-accuracy 24.56 % in 1 min 49 s  |skip_connect~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|none~1|none~2|
      [07:42] full 3/4 trials, best 52.16 %  trial 1: validation-accuracy 52.16 % in 3 min 18 s  |skip_connect~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|none~0|skip_connect~1|avg_pool_3x3~2|
      [09:56] full 4/4 trials, best 82.56 %  trial 3: validation-accuracy 82.56 % in 2 min 32 s  |none~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|
      [09:56] full: 4 trials in 5 min 32 s (trials)
      "
    `)
  })
})

describe('progress on a terminal', () => {
  it('leaves the same lines, and takes its status line away', async () => {
    const plain = await tellStudy({ isTTY: false, quiet: false })
    const terminal = await tellStudy({ isTTY: true, quiet: false })
    expect(terminal.screen()).toBe(plain.screen())
  })

  it('has one status line, with the best and the time that is left', async () => {
    const { statuses } = await tellStudy({ isTTY: true, quiet: false })
    expect(statuses()).toMatchInlineSnapshot(`
      "
      fear | 0/4 trials | best - | 0.0 s elapsed | - left
      fear | 1/4 trials | best 52.16 % | 15 s elapsed | 45 s left
      fear | 2/4 trials | best 52.16 % | 16 s elapsed | 16 s left
      fear | 3/4 trials | best 82.56 % | 27 s elapsed | 9.1 s left
      fear | 4/4 trials | best 82.56 % | 42 s elapsed | 0.0 s left
      fear | 4/4 trials | best 82.56 % | 42 s elapsed | - left
      fear | 4/4 trials | best 82.56 % | 3 min 15 s elapsed | - left
      fear | 4/4 trials | best 82.56 % | 4 min 00 s elapsed | - left
      fear | 4/4 trials | best 82.56 % | 4 min 25 s elapsed | - left
      full | 0/4 trials | best - | 4 min 25 s elapsed | - left
      full | 1/4 trials | best 27.36 % | 5 min 35 s elapsed | 3 min 31 s left | speed-up 0.57x so far
      full | 2/4 trials | best 27.36 % | 7 min 25 s elapsed | 3 min 00 s left | speed-up 0.73x so far
      full | 3/4 trials | best 52.16 % | 7 min 43 s elapsed | 1 min 06 s left | speed-up 1.03x so far
      full | 4/4 trials | best 82.56 % | 9 min 57 s elapsed | 0.0 s left | speed-up 1.08x so far
      "
    `)
  })
})

describe('quiet progress', () => {
  it.each([true, false])('says nothing (terminal: %s)', async (isTTY) => {
    const { written } = await tellStudy({ isTTY, quiet: true })
    expect(written()).toBe('')
  })
})
