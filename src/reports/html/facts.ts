import { stringify } from 'yaml'
import { evaluatorsOf } from '../../config/evaluators-of.js'
import { configSchema } from '../../config/schema/config.js'
import { isOwn, traitsOf } from '../../evaluators/registry.js'
import { bytesText } from '../../platform/bytes-text.js'
import type { RunFacts } from '../../results/summary.js'
import { type Html, html } from './html.js'

/** The command to repeat the run, the machine, and the whole configuration. */
export function renderFacts(facts: RunFacts, date: string): Html[] {
  const { command, config, dataset, devices, engine, hardware, workers } = facts
  const { cpu, logicalCores, memoryBytes, node, physicalCores, platform } = hardware
  const rows: readonly (readonly [string, string])[] = [
    ['started', date],
    ['processor', `${cpu}, ${physicalCores} physical and ${logicalCores} logical cores`],
    ['memory', bytesText(memoryBytes)],
    ['system', `${platform}, Node.js ${node}`],
    ['engine', `${engine.name} ${engine.version}, ${devices?.join(' and ') ?? engine.device}`],
    ['workers', String(workers)],
    ['data', `${dataset.name}, fingerprint ${dataset.fingerprint}`],
    ['seed', String(config.seed)],
  ]
  return [
    html`<h2>How to repeat this run</h2>
<p>Use config.yaml of the run directory; it is the configuration below. ${whatComesOutTheSame(config)}</p>
<pre>${command} config.yaml</pre>`,
    html`<h2>Machine and data</h2>
<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
    html`<details><summary>Configuration</summary><pre>${stringify(config)}</pre></details>`,
  ]
}

function whatComesOutTheSame(config: RunFacts['config']): string {
  return rejectsBySeconds(config)
    ? 'Seconds depend on the machine, and here they decide which trials are rejected (cost: seconds).'
    : 'The same engine on a processor of the same kind gives the same trials; seconds depend on the machine.'
}

/** A recorded configuration may be of another version, whose evaluators are not known here: then nothing is said. */
function rejectsBySeconds(recorded: RunFacts['config']): boolean {
  const { data: config } = configSchema.safeParse(recorded)
  const evaluators = config === undefined ? [] : evaluatorsOf(config)
  return evaluators.some(({ evaluator }) => !isOwn(evaluator) && traitsOf(evaluator).pace?.unit === 'seconds')
}
