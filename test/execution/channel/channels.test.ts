import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChannelRelay } from '../../../src/execution/channel/channel-relay.js'
import { Channels } from '../../../src/execution/channel/channels.js'
import { workerFile } from '../../../src/execution/worker-file.js'

const numbers = { least: 'min', total: 'sum' } as const

/** A channel with `tasks` members, and each one's own end. */
function open(tasks: number) {
  const channels = new Channels()
  const channel = channels.open(numbers, tasks)
  const members = Array.from({ length: tasks }, () => channel.join())
  const ends = members.map(({ ref }) => {
    const end = channels.rowOf({ channel: ref })
    if (end === null) throw new Error('a task with a channel has an end')
    return end
  })
  return { channels, channel, members, ends }
}

/** Whole numbers, whose sums are exact; task 0 stands for the driver. */
const publications = fc.array(
  fc.record({ from: fc.nat(3), name: fc.constantFrom('least', 'total'), value: fc.nat(20) }),
)

describe('a channel', () => {
  it('has the least ever published and the sum of what each published last, at every end', () => {
    fc.assert(
      fc.property(publications, (published) => {
        const { channel, ends } = open(3)
        for (const { from, name, value } of published) (from === 0 ? channel : ends[from - 1])?.publish(name, value)
        const least = published.filter(({ name }) => name === 'least').map(({ value }) => value)
        const totals = new Map(published.flatMap(({ from, name, value }) => (name === 'total' ? [[from, value]] : [])))
        for (const end of [channel, ...ends]) {
          expect(end.read('least')).toBe(Math.min(Infinity, ...least))
          expect(end.read('total')).toBe([...totals.values()].reduce((sum, value) => sum + value, 0))
        }
      }),
    )
  })

  it('keeps the minimum of a task that has left, and takes it out of sums; its row is free again', () => {
    const { channel, ends, members } = open(1)
    ends[0]?.publish('least', 3.25)
    ends[0]?.publish('total', 2)
    expect(members[0]?.values()).toEqual({ least: 3.25, total: 2 })
    expect(() => channel.join()).toThrow('the channel is for 1 tasks at a time')
    members[0]?.leave()
    expect([channel.read('least'), channel.read('total')]).toEqual([3.25, 0])
    expect(channel.join().values()).toEqual({ total: 0 })
  })

  it('has no name but those it was opened with, and no task once it is closed', () => {
    const { channel, channels, members } = open(1)
    expect(() => channel.read('other')).toThrow('no number "other"')
    channel.close()
    expect(() => channels.rowOf({ channel: members[0]?.ref })).toThrow('not open')
    expect(channels.rowOf({})).toBeNull()
  })

  it('keeps the smallest of what threads publish at once', async () => {
    const { channel, ends } = open(4)
    const module = JSON.stringify(new URL('./channel/channel-row.js', `file://${workerFile()}`).href)
    // Each thread publishes 20,000 falling numbers of its own; the smallest of all is 1 / 80,000.
    const program = `
      import { workerData } from 'node:worker_threads'
      const { ChannelRow } = await import(${module})
      const { shared, thread, gate } = workerData
      const row = ChannelRow.open(shared)
      Atomics.add(new Int32Array(gate), 0, 1)
      while (Atomics.load(new Int32Array(gate), 0) < 4);
      for (let i = 1; i <= 20000; i++) {
        row.publish('least', 1 / (4 * i - thread))
        row.publish('total', i)
      }
    `
    const gate = new SharedArrayBuffer(4)
    const threads = ends.map(
      (end, thread) =>
        new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
          workerData: { shared: end.share(), thread, gate },
        }),
    )
    await Promise.all(threads.map((thread) => once(thread, 'exit')))
    expect([channel.read('least'), channel.read('total')]).toEqual([1 / 80_000, 80_000])
  })
})

describe('a channel that is carried on elsewhere', () => {
  it('is the same there, by messages that JSON can carry, and keeps what its own task has published', () => {
    fc.assert(
      fc.property(publications, (published) => {
        const here = open(3)
        const [row] = here.ends
        if (row === undefined) throw new Error('the channel has three members')
        const elsewhere = new Channels()
        const told: unknown[] = []
        const relay = new ChannelRelay(
          { openChannel: (names, tasks) => elsewhere.open(names, tasks) },
          JSON.parse(JSON.stringify({ numbers, ...row.news() })),
          (values) => told.push(JSON.parse(JSON.stringify(values))),
        )
        const there = elsewhere.rowOf({ channel: relay.ref })
        for (const { from, name, value } of published) {
          if (from === 1) there?.publish(name, value)
          else (from === 0 ? here.channel : here.ends[from - 1])?.publish(name, value)
        }
        relay.receive(JSON.parse(JSON.stringify(row.news())))
        const names = Object.keys(numbers)
        const seenThere = names.map((name) => there?.read(name))
        expect(there?.isAborted()).toBe(false)
        here.channel.abort()
        relay.receive(row.news())
        expect(there?.isAborted()).toBe(true)
        relay.close()
        row.publishAll(told.at(-1) as Record<string, number>)
        expect(names.map((name) => here.channel.read(name))).toEqual(seenThere)
      }),
    )
  })
})
