import { stringify } from 'yaml'
import type { RunFacts } from '../summary.js'
import { type Html, html } from './html.js'

/** How to run it again, on what it ran, and its whole configuration. */
export function renderFacts({ command, config, dataset, engine, hardware, workers }: RunFacts, date: string): Html[] {
  const { cpu, logicalCores, memoryBytes, node, physicalCores, platform } = hardware
  const facts: readonly (readonly [string, string])[] = [
    ['started', date],
    ['processor', `${cpu}, ${physicalCores} physical and ${logicalCores} logical cores`],
    ['memory', `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['system', `${platform}, Node.js ${node}`],
    ['engine', `${engine.name} ${engine.version}, ${engine.device}`],
    ['workers', String(workers)],
    ['data', `${dataset.name}, fingerprint ${dataset.fingerprint}`],
    ['seed', String(config.seed)],
  ]
  return [
    html`<h2>How to get it again</h2>
<p>With config.yaml of the run directory, which is the configuration below. Trials and accuracies come out the same on the same engine; seconds depend on the machine.</p>
<pre>${command} config.yaml</pre>`,
    html`<h2>Machine and data</h2>
<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
    html`<details><summary>Configuration</summary><pre>${stringify(config)}</pre></details>`,
  ]
}
