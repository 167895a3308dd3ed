import { appendFileSync } from 'node:fs'
import { loadEngine } from 'fear-nas/engine'

/**
 * Computes nothing itself: an engine of fear-nas does the work, and this one notes how often each network's functions were
 * called. An engine of your own is the same object with networks of your own (docs/engines.md).
 *
 * @param {{ engine?: import('fear-nas/engine').EngineName, log?: string }} settings
 * @returns {Promise<import('fear-nas/engine').Engine>}
 */
export default async function createCountingEngine({ engine = 'wasm', log }) {
  const inner = await loadEngine(engine)
  return {
    // In journals and reports. It must differ from the names of the engines of fear-nas.
    name: `counting-${inner.name}`,
    info: inner.info,
    limits: inner.limits,
    create(spec, weights) {
      const network = inner.create(spec, weights)
      /** @type {Record<string, number>} */
      const calls = {}
      return new Proxy(network, {
        get(_, name) {
          const member = Reflect.get(network, name)
          if (typeof member !== 'function') return member
          return (/** @type {unknown[]} */ ...args) => {
            calls[String(name)] = (calls[String(name)] ?? 0) + 1
            if (name === 'dispose' && log !== undefined) appendFileSync(log, `${JSON.stringify(calls)}\n`)
            return member.apply(network, args)
          }
        },
      })
    },
  }
}
