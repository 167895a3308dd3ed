import { parentPort, workerData } from 'node:worker_threads'
import { AwakeTime, tickSeconds } from './awake-time.js'

/*
 * The program of the thread that notices when its process is suspended. A thread of its own, since all others may be busy
 * for long: with training, or with a strategy that thinks.
 */
const time = new AwakeTime(workerData as SharedArrayBuffer)
parentPort?.postMessage(time.tick())
setInterval(() => {
  const seconds = time.tick()
  if (seconds > 0) parentPort?.postMessage(seconds)
}, 1000 * tickSeconds)
