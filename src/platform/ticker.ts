import { parentPort, workerData } from 'node:worker_threads'
import { AwakeTime, tickSeconds } from './awake-time.js'

/*
 * The program of the thread that detects when its process is suspended. A separate thread, since all others may be busy
 * for a long time.
 */
const time = new AwakeTime(workerData as SharedArrayBuffer)
parentPort?.postMessage(time.tick())
setInterval(() => {
  const seconds = time.tick()
  if (seconds > 0) parentPort?.postMessage(seconds)
}, 1000 * tickSeconds)
