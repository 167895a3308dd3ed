import { FearNasError } from '../platform/errors.js'
import { pathWord } from '../platform/shell.js'
import { joined, placing, type ResumeWords, resuming, type Wording, worded } from '../platform/wording.js'
import { type Identity, parseIdentity } from './identity.js'
import type { RunResumed, RunStarted } from './journal-event.js'

/** Results to continue or reuse were measured on other data, another engine or another program. */
export class IdentityError extends FearNasError {
  override readonly exitCode = 2
}

/** The first line of a session. Older versions record only the engine. */
export type Session = Pick<RunStarted | RunResumed, 'engine' | 'identity'>

type Part = 'data' | 'engine' | 'instruction set' | 'results version'

/** A difference between a session and this one, in words. */
interface Difference {
  readonly part: Part
  /** Name of the part that differs. */
  readonly label: string
  readonly theirs: string
  readonly ours: string
}

/** Output of the check, for the terminal and the summary. */
export interface Agreement {
  /** Notes for the user that are no reason to refuse; one line each. */
  readonly notes: readonly string[]
  /** All instruction sets or devices of the run, including this one, in order of appearance. */
  readonly devices: readonly string[]
}

/** Options of `resume`. */
export interface GoingOn {
  /** Whether the instruction set or the GPU may differ. */
  readonly allowOtherDevice?: boolean | undefined
  /** Other options of `resume`, to be repeated in the command that a refusal suggests. */
  readonly options?: ResumeWords | undefined
}

/**
 * Checks that a run can continue: that this session measures the same as earlier ones.
 *
 * @throws IdentityError that names both sides of each difference, and what to do.
 */
export function checkGoingOn(
  directory: string,
  sessions: readonly Session[],
  ours: Identity,
  { allowOtherDevice = false, options = {} }: GoingOn = {},
): Agreement {
  const known = identitiesOf(directory, sessions)
  const devices = unique(known.map(({ engine }) => engine.device))
  // A run that mixes them on purpose may continue on any of them.
  const mayDiffer = allowOtherDevice || devices.includes(ours.engine.device)
  const different = differences(directory, sessions, ours).filter(
    ({ part }) => part !== 'instruction set' || !mayDiffer,
  )
  if (different.length > 0) {
    throw new IdentityError(
      joined(
        [
          `${pathWord(directory)} cannot continue here, because new trials would not be comparable with the existing ones:`,
          `${different.map(({ label, theirs, ours }) => `${label} ${theirs} before, ${ours} now`).join('; ')}.`,
          ...different.map((difference) => nextStep(directory, difference, options)),
          worded`Or start a new run in another folder with ${placing()}.`,
        ],
        ' ',
      ),
    )
  }
  return { notes: notesOn(directory, sessions, known, ours), devices: unique([...devices, ours.engine.device]) }
}

/**
 * Checks that results of another run may be reused: that all its sessions measured the same as this one.
 *
 * @returns notes, a line each
 * @throws IdentityError that names both sides of each difference.
 */
export function checkTakingOver(directory: string, sessions: readonly Session[], ours: Identity): readonly string[] {
  const different = differences(directory, sessions, ours)
  if (different.length > 0) {
    throw new IdentityError(
      `rank.from: ${pathWord(directory)} was measured under other conditions than this ranking: ` +
        `${different.map(({ label, theirs, ours }) => `${label} ${theirs} there, ${ours} here`).join('; ')}. ` +
        'Make these the same, or remove it from rank.from.',
    )
  }
  return unrecorded(directory, sessions)
}

/** The differences between sessions, each pair of values once. */
function differences(directory: string, sessions: readonly Session[], ours: Identity): readonly Difference[] {
  const found = sessions.flatMap((session): readonly Difference[] => {
    const [theirs] = identitiesOf(directory, [session])
    if (theirs === undefined) {
      return session.engine === ours.engine.name
        ? []
        : [{ part: 'engine', label: 'engine', theirs: session.engine, ours: ours.engine.name }]
    }
    const sides = sidesOf(theirs)
    return Object.entries(sidesOf(ours)).flatMap(([name, side]) => {
      const part = name as Part
      // Versions of different engines are not comparable.
      if (part === 'instruction set' && sides.engine !== sidesOf(ours).engine) return []
      if (sides[part] === side) return []
      const label = part === 'instruction set' && ours.engine.name === 'tensorflow' ? 'device' : part
      return [{ part, label, theirs: described(part, theirs), ours: described(part, ours) }]
    })
  })
  return [...new Map(found.map((difference) => [JSON.stringify(difference), difference])).values()]
}

/** The parts that must be equal, as strings. */
function sidesOf({ data, engine, resultsVersion }: Identity): Readonly<Record<Part, string>> {
  return {
    data: `${data.name} ${data.fingerprint}`,
    engine: `${engine.name} ${engine.version}`,
    'instruction set': engine.device,
    'results version': String(resultsVersion),
  }
}

function described(part: Part, identity: Identity): string {
  const side = sidesOf(identity)[part]
  return part === 'results version' ? `${side} (fear-nas ${identity.version})` : side
}

function nextStep(directory: string, { part, theirs }: Difference, options: ResumeWords): string | Wording {
  switch (part) {
    case 'data':
      return 'Put the original data back.'
    case 'engine':
      return `Continue on a machine where the engine ${theirs} loads.`
    case 'instruction set':
      return worded`Continue on a machine with ${theirs} (FEAR_NAS_ISA chooses among those of a processor), or mix both on purpose, which the report will show: ${resuming(directory, { ...options, allowOtherDevice: true })}.`
    case 'results version':
      return 'Continue with the version of fear-nas that started it.'
  }
}

function notesOn(
  directory: string,
  sessions: readonly Session[],
  known: readonly Identity[],
  ours: Identity,
): readonly string[] {
  const versions = unique(known.map(({ version }) => version)).filter((version) => version !== ours.version)
  const last = known.at(-1)
  const isAnotherBuild = last !== undefined && last.version === ours.version && last.program !== ours.program
  const same = `the results version is the same (${ours.resultsVersion}), and so are the results`
  return [
    ...unrecorded(directory, sessions),
    ...(versions.length === 0
      ? []
      : [
          `${pathWord(directory)} was started with fear-nas ${versions.join(', ')} and continues with ${ours.version}: ${same}.`,
        ]),
    ...(isAnotherBuild
      ? [
          `The build of fear-nas ${ours.version} or Node has changed since the last session (${last.program}, now ${ours.program}): ${same}.`,
        ]
      : []),
  ]
}

function unrecorded(directory: string, sessions: readonly Session[]): readonly string[] {
  if (sessions.every(({ identity }) => identity !== undefined)) return []
  return [
    `${pathWord(directory)} was recorded by an older fear-nas, without data fingerprint, instruction set and results version: ` +
      'whether these are the same now cannot be checked.',
  ]
}

/** The identities of the sessions that have one. */
function identitiesOf(directory: string, sessions: readonly Session[]): readonly Identity[] {
  return sessions.flatMap(({ identity }) => {
    if (identity === undefined) return []
    const parsed = parseIdentity(identity)
    if (parsed !== null) return [parsed]
    throw new IdentityError(
      `The journal of ${pathWord(directory)} has a damaged "identity" in a run.started or run.resumed line, so what the ` +
        'run was measured on cannot be checked. Restore the journal.',
    )
  })
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
