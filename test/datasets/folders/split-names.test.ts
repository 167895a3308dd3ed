import { describe, expect, it } from 'vitest'
import { readSplitName, splitRoles } from '../../../src/datasets/folders/split-names.js'

describe('the name of a split', () => {
  it.each([
    [
      'train',
      [
        'train',
        'Train',
        'TRAINING',
        'training_set',
        'train-images',
        'TrainImages',
        'train2017',
        'trainset',
        '01_train',
      ],
    ],
    ['validation', ['val', 'valid', 'Validation', 'validation_data', 'val2017', 'dev', 'valset']],
    ['test', ['test', 'Testing', 'test_set', 'test1', 'testdata', 'TestImages', 'test images']],
    ['unlabelled', ['pred', 'unlabeled', 'predictions_images']],
  ] as const)('%s is recognised whatever its case, separators and words for images', (role, names) => {
    for (const name of names) expect(readSplitName(name), name).toEqual({ role, about: '' })
  })

  it('is told from its other words', () => {
    expect(readSplitName('seg_train')).toEqual({ role: 'train', about: 'seg' })
    expect(readSplitName('bullet train')).toEqual({ role: 'train', about: 'bullet' })
  })

  it.each([
    'cat',
    'trainer',
    'contest',
    'attest',
    'latest',
    'valley',
    'trains',
    'train_test',
    'images',
    'développement',
  ])('is not %s', (name) => {
    expect(readSplitName(name)).toBeNull()
  })
})

describe('folders side by side', () => {
  it('are splits with the same other words', () => {
    expect([...splitRoles(['seg_pred', 'seg_test', 'seg_train'])]).toEqual([
      ['seg_pred', 'unlabelled'],
      ['seg_test', 'test'],
      ['seg_train', 'train'],
    ])
  })

  it('are classes with different ones', () => {
    expect(splitRoles(['test tube', 'train station']).size).toBe(0)
    expect(splitRoles(['bullet train', 'bullet']).size).toBe(0)
  })
})
