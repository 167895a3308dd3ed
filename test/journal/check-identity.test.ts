import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGoingOn, checkTakingOver, IdentityError, type Session } from '../../src/journal/check-identity.js'
import { type Identity, identityOf } from '../../src/journal/identity.js'
import { resultsVersion } from '../../src/journal/results-version.js'
import { packageVersion } from '../../src/platform/package-version.js'

const data = { name: 'arrays', fingerprint: '0123456789abcdef' }
const ours = identityOf(data, { name: 'native', version: '1', device: 'avx2' })

const session = (change: Partial<Identity> = {}): Session => {
  const identity = { ...ours, ...change }
  return { engine: identity.engine.name, identity }
}

function refusal(check: () => unknown): string {
  try {
    check()
  } catch (error) {
    expect(error).toBeInstanceOf(IdentityError)
    expect((error as IdentityError).exitCode).toBe(2)
    expect((error as Error).message).not.toContain('\n')
    return (error as Error).message
  }
  throw new Error('it was not refused')
}

/** Each a way in which a session may differ, with the words that name both sides. */
const changes: readonly (readonly [change: Partial<Identity>, theirs: string, ours: string])[] = [
  [{ data: { ...data, fingerprint: 'fedcba9876543210' } }, 'data arrays fedcba9876543210', 'arrays 0123456789abcdef'],
  [{ engine: { name: 'wasm', version: '1', device: 'simd128' } }, 'engine wasm 1', 'native 1'],
  [{ engine: { ...ours.engine, version: '2' } }, 'engine native 2', 'native 1'],
  [{ engine: { ...ours.engine, device: 'avx512' } }, 'instruction set avx512', 'avx2'],
  [
    { resultsVersion: resultsVersion + 1, version: '9.9.9' },
    `results version ${resultsVersion + 1} (fear-nas 9.9.9)`,
    `${resultsVersion} (fear-nas ${packageVersion()})`,
  ],
]

describe('a run goes on', () => {
  it('with what all its sessions were measured on', () => {
    expect(checkGoingOn('r', [session(), session()], ours)).toEqual({ notes: [], devices: ['avx2'] })
  })

  it.each(changes)('with nothing else: %j', (change, theirs, mine) => {
    const message = refusal(() => checkGoingOn('my runs/r', [session(change)], ours))
    expect(message).toContain("'my runs/r' cannot continue here")
    expect(message).toContain(`${theirs} before, ${mine} now`)
    expect(message).toMatch(/ (Put|Continue) .* Or start a new run in another folder with the option directory\.$/)
  })

  it('with another instruction set only by an option, and from then on with both', () => {
    const first = session({ engine: { ...ours.engine, device: 'avx512' } })
    expect(refusal(() => checkGoingOn('r', [first], ours))).toContain('resume("r", { allowOtherDevice: true })')
    const options = { add: ['trials=2'] }
    expect(refusal(() => checkGoingOn('r', [first], ours, { options }))).toContain(
      'resume("r", { add: ["trials=2"], allowOtherDevice: true }).',
    )
    expect(checkGoingOn('r', [first], ours, { allowOtherDevice: true }).devices).toEqual(['avx512', 'avx2'])
    for (const identity of [ours, first.identity as Identity]) {
      expect(checkGoingOn('r', [first, session()], identity).devices).toEqual(['avx512', 'avx2'])
    }
    const third = { ...ours, engine: { ...ours.engine, device: 'generic' } }
    expect(refusal(() => checkGoingOn('r', [first, session()], third))).toContain(
      'instruction set avx512 before, generic now; instruction set avx2 before, generic now',
    )
    // The option is for nothing else.
    for (const [change] of changes.filter(([, theirs]) => !theirs.startsWith('instruction'))) {
      refusal(() => checkGoingOn('r', [session(change)], ours, { allowOtherDevice: true }))
    }
  })

  it('with a note where the package has another version, or was built anew', () => {
    const older = session({ version: '0.0.9' })
    expect(checkGoingOn('r', [older], ours).notes).toEqual([
      `r was started with fear-nas 0.0.9 and continues with ${packageVersion()}: the results version is the same ` +
        `(${resultsVersion}), and so are the results.`,
    ])
    expect(checkGoingOn('r', [session({ program: '00aa' })], ours).notes).toEqual([
      `The build of fear-nas ${packageVersion()} or Node has changed since the last session (00aa, now ${ours.program}): the ` +
        `results version is the same (${resultsVersion}), and so are the results.`,
    ])
  })

  it('with a note where older sessions say nothing but their engine, which is compared', () => {
    const note = expect.stringContaining('r was recorded by an older fear-nas, without data fingerprint')
    for (const sessions of [[{ engine: 'native' }], [{ engine: 'native' }, session()]]) {
      expect(checkGoingOn('r', sessions, ours)).toEqual({ notes: [note], devices: ['avx2'] })
    }
    expect(refusal(() => checkGoingOn('r', [{ engine: 'wasm' }], ours))).toContain('engine wasm before, native now')
    refusal(() => checkGoingOn('r', [{ engine: 'native' }, session({ data: { ...data, fingerprint: 'x' } })], ours))
  })

  it('never after a record that nobody can read', () => {
    fc.assert(
      fc.property(fc.anything(), (identity) => {
        fc.pre(identity !== undefined)
        const found = { engine: 'native', identity: identity as Identity }
        expect(refusal(() => checkGoingOn('r', [found], ours))).toContain('has a damaged "identity"')
      }),
    )
  })

  it('exactly when no session differs in what decides results', () => {
    const text = (...texts: readonly string[]) => fc.constantFrom(...texts)
    const arbitrary = fc.record({
      data: fc.record({ name: text('arrays'), fingerprint: text('a', 'b') }),
      engine: fc.record({ name: text('native', 'wasm'), version: text('1', '2'), device: text('avx2', 'generic') }),
      resultsVersion: fc.constantFrom(1, 2),
      version: text('0.1.0', '0.2.0'),
      program: text('x', 'y'),
    })
    const decides = ({ data, engine, resultsVersion }: Identity) => JSON.stringify([data, engine, resultsVersion])
    fc.assert(
      fc.property(fc.array(arbitrary, { minLength: 1, maxLength: 4 }), arbitrary, (sessions, now) => {
        const isSame = sessions.every((identity) => decides(identity) === decides(now))
        const recorded = sessions.map((identity) => ({ engine: identity.engine.name, identity }))
        if (isSame) checkTakingOver('r', recorded, now)
        else refusal(() => checkTakingOver('r', recorded, now))
      }),
    )
  })
})

describe('rank.from takes over', () => {
  it('what was measured on the same', () => {
    expect(checkTakingOver('r', [session(), session({ version: '0.0.9' })], ours)).toEqual([])
  })

  it.each(changes)('nothing else: %j', (change, theirs, mine) => {
    const message = refusal(() => checkTakingOver('r', [session(), session(change)], ours))
    expect(message).toMatch(/^rank\.from: r was measured under other conditions than this ranking: /)
    expect(message).toContain(`${theirs} there, ${mine} here. Make these the same, or remove it from rank.from.`)
  })

  it('what an older version recorded, with a note, if the engine is the same', () => {
    expect(checkTakingOver('r', [{ engine: 'native' }], ours)).toEqual([
      'r was recorded by an older fear-nas, without data fingerprint, instruction set and results version: whether these are the ' +
        'same now cannot be checked.',
    ])
    expect(refusal(() => checkTakingOver('r', [{ engine: 'wasm' }], ours))).toContain('engine wasm there, native here')
  })
})
