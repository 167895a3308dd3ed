import '../../../dist/execution/process-entry.js'

/** The worker process's own program, with three architectures that take it down as a faulty native library might. */
process.on('message', ({ task }) => {
  switch (task?.architecture) {
    case 'exit':
      return process.exit(3)
    case 'kill':
      return process.kill(process.pid, 'SIGKILL')
    case 'hang':
      return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
})
