import answer from '../../../dist/execution/worker-entry.js'

/** The worker's own program, with three architectures that take it down as a faulty native module might. */
export default function fragile(message) {
  switch (message.task?.architecture) {
    case 'exit':
      return process.exit(3)
    case 'throw':
      setImmediate(() => {
        throw new Error('thrown into the void')
      })
      return new Promise(() => {})
    case 'hang':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      return null
    default:
      return answer(message)
  }
}
