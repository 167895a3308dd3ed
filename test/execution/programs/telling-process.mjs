import './faulty-process.mjs'

/** A worker process that tells of its start. */
console.log(`started ${process.pid}`)
