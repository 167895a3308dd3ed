import { realpathSync } from 'node:fs'
import { checkModules, moduleNames, modulesOf } from '../config/modules.js'
import type { Config } from '../config/schema/config.js'
import type { ReplayedRun } from '../journal/replay.js'
import { ConfigError } from '../platform/errors.js'
import { type ModuleFile, moduleFile } from '../platform/parts/module-file.js'
import type { PartKind } from '../platform/parts/part-kind.js'
import { isInFolder, projectFolder } from '../platform/project.js'
import { joined, type ResumeWords, resuming, type Wording, worded } from '../platform/wording.js'

interface Consent {
  /** The option `allowCode`. */
  readonly allowed: boolean
  /** Whether the user named the configuration, so that its modules are trusted. */
  readonly isNamed: boolean
  /** The folder of trusted modules, without symbolic links; default: the project of the working directory. */
  readonly project?: string
  /** Options of this call that the message repeats beside `allowCode`. */
  readonly options?: ResumeWords
}

/**
 * Checks, before a run is resumed, whether the modules of its configuration may run, since a run directory may come
 * from another person. Only then are they loaded and tried.
 *
 * @throws ConfigError if a module may not be the user's own, is not the recorded file, or does not make the part it is for.
 */
export function checkCode(
  directory: string,
  config: Config,
  { modules }: Pick<ReplayedRun, 'modules'>,
  consent: Consent,
): void {
  const named = modulesOf(config)
  const doubts = moduleNames(config).flatMap((module) => {
    const kinds = [...new Set(named.flatMap((one) => (one.module === module ? [one.kind] : [])))]
    return doubtOf(directory, { module, kinds }, modules.get(module) ?? null, consent)
  })
  if (doubts.length > 0 && !consent.allowed) throw new ConfigError(joined(doubts, '\n'))
  const [wrong] = consent.isNamed ? [] : checkModules(config)
  if (wrong !== undefined) throw new ConfigError(`${directory}  ${wrong.sentence}`)
}

function doubtOf(
  directory: string,
  { module, kinds }: { readonly module: string; readonly kinds: readonly PartKind[] },
  recorded: string | null,
  { isNamed, options = {}, project }: Consent,
): readonly Wording[] {
  const file = moduleFile(module)
  if (file === null && recorded !== null) throw new ConfigError(absent(directory, module, kinds))
  const reasons = [
    ...(recorded !== null && recorded !== file?.sha256 ? ['is not the file that the run was recorded with'] : []),
    ...(isNamed ? [] : doubtsOfOrigin(directory, file, recorded, project)),
  ]
  if (reasons.length === 0) return []
  return [
    worded`${directory} names the module ${module} as its ${kinds.join(' and its ')}, which ${reasons.join(', and ')} (sha256 recorded: ${short(recorded)}, now: ${short(file?.sha256 ?? null)}). Check the file. If you trust it, let its code run with your rights: ${resuming(directory, { ...options, allowCode: true })}`,
  ]
}

function absent(directory: string, module: string, kinds: readonly PartKind[]): string {
  return (
    `${directory} names the module ${module} as its ${kinds.join(' and its ')}, which does not exist here or cannot be read. Put it back, and resume ` +
    'from the folder in which the run was started.'
  )
}

/** Why a module that the user did not name may come from another person. */
function doubtsOfOrigin(
  directory: string,
  file: ModuleFile | null,
  recorded: string | null,
  project: string = projectFolder(),
): readonly string[] {
  const unrecorded = recorded === null ? ['has no hash in the journal'] : []
  // There is no file: loading it will fail with a message.
  if (file === null) return unrecorded
  if (!isInFolder(file.path, project)) return [...unrecorded, `is outside the current project ${project}`]
  // The sender of the run directory may have put it there, with its hash in the journal.
  if (isInFolder(file.path, realpathSync(directory))) return [...unrecorded, 'is in the run directory itself']
  return unrecorded
}

function short(sha256: string | null): string {
  return sha256?.slice(0, 12) ?? 'none'
}
