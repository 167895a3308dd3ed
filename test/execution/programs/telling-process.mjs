import '../../../dist/execution/process-entry.js'

/** The worker process's own program, which tells of its start and of its tasks. */
console.log(`started ${process.pid}`)
process.on('message', ({ kind }) => {
  if (kind === 'evaluate') console.log(`busy ${process.pid}`)
})
