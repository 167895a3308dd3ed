import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { homeFolder } from './home.js'

/** Files that mark the folder of a project. */
const marks = ['package.json', '.git']

/**
 * The folder of the project that the working directory belongs to, without symbolic links: the nearest folder from it up
 * that has a package.json or a .git, but neither the home directory nor one above that; else the working directory.
 */
export function projectFolder(working: string = process.cwd(), home: string | null = homeFolder()): string {
  const start = realpathSync(working)
  const realHome = home !== null && existsSync(home) ? realpathSync(home) : home
  for (let folder = start; ; folder = path.dirname(folder)) {
    const isTooWide = (realHome !== null && isInFolder(realHome, folder)) || folder === path.dirname(folder)
    if (isTooWide && folder !== start) return start
    if (marks.some((mark) => existsSync(path.join(folder, mark)))) return folder
    if (isTooWide) return start
  }
}

/** Whether a path is the folder or inside it. Neither may contain symbolic links. */
export function isInFolder(file: string, folder: string): boolean {
  const relative = path.relative(folder, file)
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
}
