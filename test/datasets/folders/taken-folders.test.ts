import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TakenFolders } from '../../../src/datasets/folders/taken-folders.js'
import { isInFolder } from '../../../src/platform/project.js'

describe('TakenFolders', () => {
  it('finds the same overlaps as a comparison with each folder', () => {
    // `b` and `bc` begin alike.
    const folder = fc.array(fc.constantFrom('a', 'b', 'bc'), { maxLength: 4 }).map((names) => `/${names.join('/')}`)
    fc.assert(
      fc.property(folder, fc.array(folder, { maxLength: 5 }), folder, folder, (root, taken, added, asked) => {
        const folders = new TakenFolders(root, taken)
        folders.add(added)
        const overlap = (other: string): boolean => isInFolder(asked, other) || isInFolder(other, asked)
        expect(folders.overlaps(asked)).toBe(isInFolder(root, asked) || [...taken, added].some(overlap))
      }),
      { numRuns: 500 },
    )
  })
})
