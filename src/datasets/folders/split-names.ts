import type { SplitName } from '../dataset.js'

/** The role that a folder's name gives it; `unlabelled` images are of no use here. */
export type SplitRole = SplitName | 'unlabelled'

/** How a folder's name reads as the name of a split. */
export interface SplitReading {
  readonly role: SplitRole
  /** The words that do not belong to the role: `seg` of `seg_train`. Siblings with the same one form a data set. */
  readonly about: string
}

const roles: Readonly<Record<SplitRole, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  validation: ['val', 'valid', 'validation', 'validate', 'dev', 'development', 'eval', 'evaluation', 'validating'],
  test: ['test', 'testing', 'tst', 'holdout'],
  unlabelled: ['pred', 'predict', 'prediction', 'predictions', 'unlabeled', 'unlabelled', 'submission'],
}
const roleOf = new Map(
  Object.entries(roles).flatMap(([role, words]) => words.map((word) => [word, role as SplitRole] as const)),
)

/** Words that say only that there are images. */
const things =
  'set|sets|data|dataset|datasets|images|image|imgs|img|pics|pictures|photos|samples|split|files|folder|dir|part|parts|shard|zip|tar|gz|tgz'
const thing = new RegExp(`^(${things}|jpg|jpeg|png|\\d+)$`)
const glued = new RegExp(`^(.+?)(${things})$`)

/**
 * The role that a name gives to a folder, whatever its case, its separators, and words such as `set` or `images`:
 * `Training`, `test_set`, `val2017`, `TrainImages`, `testdata`. null if it names no split, or two.
 */
export function readSplitName(name: string): SplitReading | null {
  const found: SplitRole[] = []
  const about: string[] = []
  for (const word of wordsOf(name)) {
    const role = roleOf.get(word) ?? roleOf.get(glued.exec(word)?.[1] ?? '')
    if (role !== undefined) found.push(role)
    else if (!thing.test(word)) about.push(word)
  }
  const [role] = found
  return role === undefined || found.length > 1 ? null : { role, about: about.join(' ') }
}

/** Whether a name says only that there are images, such as `images`. */
export function isThing(name: string): boolean {
  return wordsOf(name).every((word) => thing.test(word))
}

/** In lower case, cut at anything but letters and digits, between letters and digits, and before capitals. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/(\p{L})(\d)|(\d)(\p{L})/gu, '$1$3 $2$4')
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '')
}

/**
 * The roles of folders side by side, by name. A name with words of its own, such as `seg_train`, counts only beside one
 * of another role with the same words: `train station` and `test tube` may be classes.
 */
export function splitRoles(names: readonly string[]): ReadonlyMap<string, SplitRole> {
  const read = names.flatMap((name) => {
    const reading = readSplitName(name)
    return reading === null ? [] : [{ name, ...reading }]
  })
  const counts = ({ role, about }: SplitReading): boolean =>
    about === '' || read.some((other) => other.about === about && other.role !== role)
  return new Map(read.filter(counts).map(({ name, role }) => [name, role]))
}
