import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import { createSharedReferenceBuffer, fixedReference, sharedReference } from '../../src/execution/shared-reference.js'
import { workerFile } from '../../src/execution/worker-file.js'

function seconds(computeSeconds: number) {
  return { ...noCost, computeSeconds }
}

describe('the shared reference', () => {
  it('is Infinity until something is offered, then the smallest offer', () => {
    const buffer = createSharedReferenceBuffer()
    const [one, other] = [sharedReference(buffer), sharedReference(buffer)]
    expect(one.cheapest()).toBe(Infinity)
    one.offer(seconds(3.25))
    other.offer(seconds(4))
    expect(other.cheapest()).toBe(3.25)
    other.offer(seconds(0.1))
    expect(one.cheapest()).toBe(0.1)
  })

  it('keeps the smallest of offers that threads make at once', async () => {
    const buffer = createSharedReferenceBuffer()
    const module = JSON.stringify(new URL('./shared-reference.js', `file://${workerFile()}`).href)
    // Each thread offers 20,000 falling costs of its own; the smallest of all is 1 / 80,000.
    const program = `
      import { workerData } from 'node:worker_threads'
      const { sharedReference } = await import(${module})
      const { buffer, thread, gate } = workerData
      const reference = sharedReference(buffer)
      Atomics.add(new Int32Array(gate), 0, 1)
      while (Atomics.load(new Int32Array(gate), 0) < 4);
      for (let i = 1; i <= 20000; i++) reference.offer({ computeSeconds: 1 / (4 * i - thread) })
    `
    const gate = new SharedArrayBuffer(4)
    const threads = [0, 1, 2, 3].map(
      (thread) =>
        new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
          workerData: { buffer, thread, gate },
        }),
    )
    await Promise.all(threads.map((thread) => once(thread, 'exit')))
    expect(sharedReference(buffer).cheapest()).toBe(1 / 80_000)
  })
})

describe('the fixed reference', () => {
  it('does not move', () => {
    const reference = fixedReference(2)
    reference.offer(seconds(1))
    expect(reference.cheapest()).toBe(2)
  })
})
