import { search } from 'fear-nas'

const run = await search(
  {
    data: { name: 'fashion-mnist', train: 2000, validation: 2000 },
    space: { channels: 8, cells: 1 },
    evaluator: { name: 'fear', threshold: 0.6 },
    budget: { trials: 40 },
  },
  { directory: 'results/mine', onEvent: (event) => console.log(event.kind) },
)
console.log(run.best.architecture, run.best.testAccuracy)
const network = await run.loadBest()
network.dispose()
