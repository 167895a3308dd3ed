import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The program of the example that serves the page. */
export const serveProgram = 'examples/browser/serve.mjs'

/** A page that is served by a process of its own. */
export interface ServedPage {
  /** Ends with a slash. */
  readonly address: string
  stop(): void
}

/** Serves the page with the exported network in a folder, on a free port. */
export async function servePage(model: string): Promise<ServedPage> {
  const child = spawn(process.execPath, [serveProgram, model, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { address: /http:\S+/.exec(String(line))?.[0] ?? '', stop: () => void child.kill() }
}
