import { appendFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serveDriver } from '../../../dist/execution/serve-driver.js'

/**
 * A worker process that writes its start down in a file and is killed as it starts, unless it is the first one or as many
 * others as are to be killed have been.
 */
const { FEAR_NAS_STARTS: file, FEAR_NAS_KILLED_STARTS: killed } = process.env
appendFileSync(file, 'x')
const { length } = readFileSync(file, 'utf8')
if (length > 1 && length <= 1 + Number(killed)) process.kill(process.pid, 'SIGKILL')
serveDriver(fileURLToPath(new URL('./faulty-thread.mjs', import.meta.url)))
