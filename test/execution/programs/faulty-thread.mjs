import { existsSync, writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import answer from '../../../dist/execution/worker-entry.js'

/**
 * The worker's program with faults: what follows ` ! ` in a trial's architecture happens to the worker when the network has
 * been trained. With a file after another ` ! ` it happens only once, when the file does not exist yet.
 */
export default async function faulty(message) {
  const [architecture, fault, file] = message.task?.architecture?.split(' ! ') ?? []
  if (fault === undefined) return answer(message)
  const result = await answer({ ...message, task: { ...message.task, architecture } })
  if (file !== undefined && existsSync(file)) return result
  if (file !== undefined) writeFileSync(file, '')
  return faults[fault]()
}

const never = () => new Promise(() => {})

const faults = {
  exit: () => process.exit(3),
  throw() {
    setImmediate(() => {
      throw new Error('thrown into the void')
    })
    return never()
  },
  rejection() {
    Promise.reject(new Error('nobody waits for this'))
    return never()
  },
  loop() {
    for (;;);
  },
  /** Tells of it first. */
  busy() {
    writeSync(2, `busy ${process.pid}\n`)
    for (;;);
  },
  memory() {
    const hoard = []
    for (;;) hoard.push(Array(10_000).fill(hoard.length / 3))
  },
  /** As the system ends a process when memory runs out. */
  kill: () => process.kill(process.pid, 'SIGKILL') && never(),
  segfault: () => crash().segfault(),
  abort: () => crash().abort(),
}

/** An addon whose functions crash. */
function crash() {
  return createRequire(import.meta.url)(process.env.FEAR_NAS_CRASH_ADDON)
}
