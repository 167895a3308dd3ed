/* One run of the command line that may be killed. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/**
 * Runs the command line; `until` may kill it.
 *
 * @param until `{ seconds, lines }`: kill -9 `seconds` after `lines` lines of output; null: let it end.
 * @returns whether the kill hit it, and how it ended otherwise.
 */
export function session(args, until) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let [output, errors, timer] = ['', '', null]
    const arm = () => {
      if (until === null || timer !== null || output.split('\n').length - 1 < until.lines) return
      timer = setTimeout(() => child.kill('SIGKILL'), 1000 * until.seconds)
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      arm()
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    arm()
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ killed: signal === 'SIGKILL', exitCode, output, errors })
    })
  })
}
