import { isThing } from './split-names.js'

/** Names of folders for what is said of images, rather than for images of a class. */
const annotation =
  /^(annotations?|attributes|b(ounding)?[ _-]?boxe?s|code|devkit|docs?|ground[ _-]?truths?|image[ _-]?sets?|json|labels?|lists|masks?|meta(data)?|parts|scripts|segmentations?|src|trimaps?|xmls?)$/i

/**
 * The folders, among some side by side, that hold annotations by their names: such as `masks` beside `images`. Where no name
 * says `images`, they may be classes.
 *
 * @param holdsFolders whether a folder holds folders, which may be classes: `Annotations` beside the one that does
 */
export async function annotationFolders(
  names: readonly string[],
  holdsFolders: (name: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const found = names.filter((name) => annotation.test(name))
  const others = names.filter((name) => !found.includes(name))
  if (found.length === 0) return []
  // Numbers say that there are images, too, but may be classes.
  if (others.some((name) => isThing(name) && !/^\d+$/.test(name))) return found
  const [only] = others
  return only !== undefined && others.length === 1 && (await holdsFolders(only)) ? found : []
}
