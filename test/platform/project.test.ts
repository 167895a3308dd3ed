import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isInFolder, projectFolder } from '../../src/platform/project.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const top = realpathSync(temporaryFolder('project'))
const folder = (...names: readonly string[]): string => {
  const made = path.join(top, ...names)
  mkdirSync(made, { recursive: true })
  return made
}

describe('the project of a working directory', () => {
  it('is the nearest folder with a package.json or a .git', () => {
    const deep = folder('home/project/a/b')
    writeFileSync(path.join(top, 'home/project/package.json'), '{}')
    expect(projectFolder(deep, folder('home'))).toBe(path.join(top, 'home/project'))
    folder('home/project/a/.git')
    expect(projectFolder(deep, folder('home'))).toBe(path.join(top, 'home/project/a'))
  })

  it('is the working directory where there is none, and never all that is at home', () => {
    const work = folder('home/downloads/work')
    folder('home/.git')
    expect(projectFolder(work, path.join(top, 'home'))).toBe(work)
    expect(projectFolder(path.join(top, 'home'), path.join(top, 'home'))).toBe(path.join(top, 'home'))
    expect(projectFolder('/', path.join(top, 'home'))).toBe('/')
  })

  it('is found behind links', () => {
    symlinkSync(folder('home/project'), path.join(top, 'link'))
    expect(projectFolder(path.join(top, 'link'), '/nowhere')).toBe(path.join(top, 'home/project'))
  })

  it('holds what is in it', () => {
    expect(isInFolder('/a/b', '/a')).toBe(true)
    expect(isInFolder('/a', '/a')).toBe(true)
    expect(isInFolder('/a/..b', '/a')).toBe(true)
    expect(isInFolder('/ab', '/a')).toBe(false)
    expect(isInFolder('/', '/a')).toBe(false)
  })
})
