import path from 'node:path'
import { ConfigError, DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { isInFolder } from '../../platform/project.js'
import { worded } from '../../platform/wording.js'
import type { FolderSplits, SplitName } from '../dataset.js'
import { archiveEnding } from '../file-tree/open-tree.js'
import { partWords, settingWords, valueWords } from '../setting-words.js'
import type { FolderPath, FolderWalk } from './folder-walk.js'
import { hasImageEnding } from './is-image-file.js'
import { isThing, type SplitRole, splitRoles } from './split-names.js'

/** A folder in a folder. */
export interface NamedFolder extends FolderPath {
  readonly name: string
}

/** A folder for each split, in which the class folders are. */
export type SplitFolders = Readonly<Record<'train', FolderPath> & Partial<Record<SplitName, FolderPath>>>

/** Where the class folders are. */
export interface Layout {
  /** Without splits, the only folder is that of the training images. */
  readonly splits: SplitFolders
  /** The folder that the others are in. */
  readonly top: string
  /** What was taken for what, where a user may expect something else. */
  readonly notes: readonly string[]
}

/** Maximum number of folders around the data set to enter. */
const mostOuter = 4
const ordered = ['train', 'validation', 'test'] as const
const words = { train: 'training', validation: 'validation', test: 'test' } as const

/**
 * Finds the class folders of a tree. A single folder around them is entered. Folders whose names name splits
 * (`splitRoles`), and that hold folders, are splits.
 *
 * @throws DataError for names that can be read in two ways, with the setting that decides; ConfigError for a folder of
 * `splits` that does not exist.
 */
export async function findLayout(
  walk: FolderWalk,
  { splits: wanted, labelled = [] }: LayoutOptions = {},
): Promise<Layout> {
  const { root } = walk.tree
  if (wanted === false) return { top: root, splits: { train: await walk.at(root) }, notes: [] }
  if (wanted !== undefined) return { top: root, splits: await wantedSplits(root, walk, wanted), notes: [] }
  const notes: string[] = []
  const top = await findTop(walk)
  if (top.folder !== root) notes.push(`${root}: the images are in ${top.folder}`)
  const found = new FoundFolders(root, top, await walk.subfolders(top.folder), labelled)
  await found.look(walk)
  const splits = found.splits(notes)
  if (splits === null) return { top: top.folder, splits: { train: top }, notes }
  return { top: top.folder, splits, notes: [...notes, ...found.tellSplits(splits)] }
}

interface LayoutOptions {
  /** The user's word for it; false: every folder of the root is a class. */
  readonly splits?: FolderSplits | false | undefined
  /** Images that tables label: the folders of splits that they are in are in use. */
  readonly labelled?: readonly string[]
}

/** The folder that the others are in, below folders that are alone. */
export async function findTop(walk: FolderWalk): Promise<FolderPath> {
  return enter(walk, await walk.at(walk.tree.root), isSplitAlone)
}

/** Enters a folder that is alone in its folder and holds folders, again and again. */
async function enter(walk: FolderWalk, from: FolderPath, stopsAt: (name: string) => boolean): Promise<FolderPath> {
  let folder = from
  for (let depth = 0; depth < mostOuter; depth++) {
    const { folders, files, linked } = await walk.list(folder.folder)
    const [only] = folders
    if (only === undefined || folders.length > 1 || linked.has(only) || files.some(hasImageEnding)) return folder
    if (stopsAt(only)) return folder
    const inner = path.join(folder.folder, only)
    if ((await walk.list(inner)).folders.length === 0) return folder
    folder = await walk.at(inner)
  }
  return folder
}

/** Enters `seg_train/seg_train` and `test/images`, but no class that is alone. */
function enterSplit(walk: FolderWalk, from: FolderPath): Promise<FolderPath> {
  const outer = path.basename(from.folder).replace(archiveEnding, '')
  return enter(walk, from, (name) => name !== outer && !isSplitAlone(name) && !isThing(name))
}

/** `train` alone is no outer folder, but all there is. */
const isSplitAlone = (name: string): boolean => splitRoles([name]).size > 0

async function wantedSplits(root: string, walk: FolderWalk, wanted: FolderSplits) {
  const entries = await Promise.all(
    ordered.flatMap((split) => {
      const name = wanted[split]
      return name === undefined ? [] : [named(split, name)]
    }),
  )
  return { ...(Object.fromEntries(entries) as Record<SplitName, FolderPath>) }

  async function named(split: SplitName, name: string): Promise<readonly [SplitName, FolderPath]> {
    const folder = path.join(root, name)
    await walk.list(folder).catch((cause: unknown) => {
      throw new ConfigError(
        worded`${partWords('splits', split)}: ${folder} is not a readable folder. Correct the name.`,
        { cause },
      )
    })
    return [split, await enterSplit(walk, await walk.at(folder))]
  }
}

/** A folder and the names of the folders in it, below folders that are alone. */
interface Look extends NamedFolder {
  readonly role: SplitRole | null
  readonly inner: FolderPath
  readonly holds: readonly string[]
}

/** The folders of the top folder. */
class FoundFolders {
  readonly #root: string
  readonly #top: FolderPath
  readonly #folders: readonly NamedFolder[]
  readonly #labelled: readonly string[]
  #looks: readonly Look[] = []

  constructor(root: string, top: FolderPath, folders: readonly NamedFolder[], labelled: readonly string[]) {
    this.#root = root
    this.#top = top
    this.#folders = folders
    this.#labelled = labelled
  }

  async look(walk: FolderWalk): Promise<void> {
    const roles = splitRoles(this.#folders.map(({ name }) => name))
    const looks: Look[] = []
    for (const folder of this.#folders) {
      const role = roles.get(folder.name) ?? null
      const inner = await enterSplit(walk, folder)
      looks.push({ ...folder, role, inner, holds: (await walk.list(inner.folder)).folders })
    }
    this.#looks = looks
  }

  /** null: the folders are classes. */
  splits(notes: string[]): SplitFolders | null {
    const train = this.#only('train', ({ holds }) => holds.length > 0)
    if (train === undefined) {
      this.#checkClasses()
      return null
    }
    const classes = new Set(train.holds)
    const shared = ({ holds }: Look): number => holds.filter((name) => classes.has(name)).length
    const alike = this.#looks.find((look) => look.role === null && 2 * shared(look) >= classes.size && shared(look) > 0)
    if (alike !== undefined) {
      throw this.#ambiguous(`${alike.name} has the same folders as ${train.name}, but its name names no split`)
    }
    // Classes may be numbers, which alone would say only that there are images.
    const hasClasses = ({ holds }: Look): boolean => holds.some((name) => classes.has(name) || !isThing(name))
    const validation = this.#only('validation', hasClasses)
    const test = this.#only('test', hasClasses) ?? validation
    const used = [train, validation, test]
    const foreign = this.#looks.filter(({ holds, role }) => role === null && holds.some((name) => !isThing(name)))
    if (test === undefined && foreign.length > 0) {
      const names = listed(foreign.map(({ name }) => name))
      throw this.#ambiguous(
        `${train.name} may hold the training images, but ${names} hold folders, too, and name no split`,
      )
    }
    const isLabelled = ({ folder }: Look): boolean => this.#labelled.some((file) => isInFolder(file, folder))
    const unused = this.#looks.filter((look) => !used.includes(look) && !isLabelled(look))
    const tell = (why: string, looks: readonly Look[]): void => {
      if (looks.length > 0)
        notes.push(`${this.#top.folder}: not used, ${why}: ${listed(looks.map(({ name }) => name))}`)
    }
    const isUnlabelled = ({ role }: Look): boolean => role === 'unlabelled'
    tell(
      'without folders of these classes',
      unused.filter((look) => !isUnlabelled(look)),
    )
    tell('without labels by the name', unused.filter(isUnlabelled))
    return {
      train: train.inner,
      ...(validation !== undefined && validation !== test && { validation: validation.inner }),
      ...(test !== undefined && { test: test.inner }),
    }
  }

  /** Says which folder is which, unless they are `train` and `test`. */
  tellSplits(splits: SplitFolders): readonly string[] {
    const relative = (folder: string): string => path.relative(this.#top.folder, folder)
    const parts = ordered.flatMap((split) => {
      const folder = splits[split]
      return folder === undefined ? [] : [{ split, folder: relative(folder.folder) }]
    })
    if (parts.every(({ split, folder }) => split === folder && split !== 'validation')) return []
    const told = parts.map(({ split, folder }) => `${words[split]} images from ${folder}`)
    return [`${this.#top.folder}: ${told.join(', ')}`]
  }

  /** The folder of a role that is of use, if there is one. */
  #only(role: SplitRole, isOfUse: (look: Look) => boolean): Look | undefined {
    const found = this.#looks.filter((look) => look.role === role && isOfUse(look))
    if (found.length > 1) {
      throw this.#ambiguous(`${found.map(({ name }) => name).join(' and ')} both look like ${role} images`)
    }
    return found[0]
  }

  /** Folders that may be classes, unless their names or what they hold say that they are something else. */
  #checkClasses(): void {
    const named = this.#looks.filter(({ role }) => role !== null)
    const roles = new Set(named.map(({ role }) => role))
    const allNamed = named.length === this.#looks.length && named.length > 0
    const names = named.map(({ name }) => name).join(' and ')
    if (roles.has('train') && (allNamed || roles.size > 1)) {
      throw new DataError(
        worded`${this.#top.folder}: ${names} hold images of splits, but no folders of classes. Put the images of each class into a folder, such as ${named.find(({ role }) => role === 'train')?.name ?? 'train'}/cat, or list them in a labels.csv with the columns file and label beside these folders, or, if they are classes, set ${settingWords.splits} to false.`,
      )
    }
    if (allNamed) throw new DataError(`${this.#top.folder}: it has ${names}, but no train. Add the training images.`)
    const [first] = this.#looks
    const contents = new Set(this.#looks.map(({ holds }) => holds.join('/')))
    const areAlike = first !== undefined && this.#looks.length > 1 && contents.size === 1 && first.holds.length > 1
    if (areAlike && splitRoles(first.holds).size > 1) {
      throw new DataError(
        worded`${this.#top.folder}: its folders (${listed(this.#looks.map(({ name }) => name))}) all hold the folders ${listed(first.holds)}. Put the splits outside, such as ${first.holds.at(-1) ?? ''}/${first.name}, or set ${settingWords.splits} to false: then they are mixed.`,
      )
    }
    if (!areAlike) {
      this.#checkSingle()
      return
    }
    throw this.#ambiguous(
      `its folders (${listed(this.#looks.map(({ name }) => name))}) all hold the folders ${listed(first.holds)}`,
    )
  }

  /** A folder that holds the data set, beside others that are something else. */
  #checkSingle(): void {
    const isSet = ({ holds, name }: Look): boolean => {
      const roles = new Set(splitRoles(holds).values())
      return (roles.has('train') && roles.size > 1) || (isThing(name) && !/^\d+$/.test(name) && holds.length > 1)
    }
    const found = this.#looks.find(isSet)
    if (found === undefined || this.#looks.length < 2) return
    const others = this.#looks.filter((look) => look !== found).map(({ name }) => name)
    throw new DataError(
      worded`${this.#top.folder}: ${found.name} looks like the data set, since it holds ${listed(found.holds, { most: 5 })}, and ${listed(others)} ${others.length === 1 ? 'is' : 'are'} beside it. Name ${found.folder} instead, or set ${settingWords.splits} to false if each folder is a class.`,
    )
  }

  #ambiguous(what: string): DataError {
    const order = ({ role }: Look): number => ['train', 'test', 'validation'].indexOf(role ?? 'train')
    const [train, ...others] = this.#looks.toSorted((x, y) => order(x) - order(y))
    const test = others.find(({ role }) => role !== 'train') ?? others[0]
    const [a = '', b = ''] = [train, test].map((look) =>
      look === undefined ? 'FOLDER' : path.relative(this.#root, look.folder),
    )
    return new DataError(
      worded`${this.#top.folder}: ${what}. Set ${settingWords.splits} to the folders of the splits, such as ${valueWords({ train: a, test: b })}, or to false if each folder is a class.`,
    )
  }
}
