import { fileURLToPath } from 'node:url'
import { serveDriver } from '../../../dist/execution/serve-driver.js'

/** A worker process whose thread may come to grief. */
serveDriver(fileURLToPath(new URL('./faulty-thread.mjs', import.meta.url)))
