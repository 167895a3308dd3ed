import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { DataError } from '../../../src/platform/errors.js'
import { bytesNpy } from '../../support/made-arrays.js'
import { classFolders, pngFile, writeFiles } from '../../support/made-folders.js'
import { writeMnist } from '../../support/published-idx.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('recognise')
const at = (...parts: readonly string[]): string => path.join(folder, ...parts)
const npy = bytesNpy(new Uint8Array(4), 4)

/** A folder of empty files, for kinds that are told by names. */
function named(label: string, ...names: readonly string[]): string {
  return writeFiles(at(label), Object.fromEntries(names.map((name) => [name, ''])))
}

/** Packs a folder as published archives are. */
function tarred(parent: string, name: string): string {
  const archive = at(`${parent}-${name}.tar.gz`)
  execFileSync('tar', ['czf', archive, '-C', at(parent), name])
  return archive
}

const binary = ['batches.meta.txt', ...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), 'test_batch.bin']
const cifar10 = named('c10/cifar-10-batches-bin', ...binary)
const cifar100 = named('c100/cifar-100-binary', 'fine_label_names.txt', 'train.bin', 'test.bin')
const imagenet = named('i16/ImageNet16', 'train_data_batch_1', 'val_data')
const python = named('py/cifar-10-batches-py', 'batches.meta', 'data_batch_1', 'test_batch')
const python100 = named('py/cifar-100-python', 'meta', 'train', 'test')
const mnist = writeMnist(at('mnist'))
const fashion = writeMnist(at('Fashion-MNIST'), false)
const folders = writeFiles(at('classes'), classFolders(['a', 'b'], 1))
const arrays = writeFiles(at('arrays'), { 'images.npy': npy, 'labels.npy': npy })
writeFileSync(at('a.gz'), gzipSync('hello'))
writeFileSync(at('any-name.data'), zipSync({ 'images.npy': npy }))

describe('recognise', () => {
  it.each([
    ['a folder of CIFAR-10', cifar10, 'cifar10', cifar10],
    ['a folder around it', at('c10'), 'cifar10', cifar10],
    ['an archive of CIFAR-10', tarred('c10', 'cifar-10-batches-bin'), 'cifar10', at('c10-cifar-10-batches-bin.tar.gz')],
    ['a folder of CIFAR-100', cifar100, 'cifar100', cifar100],
    ['an archive of CIFAR-100', tarred('c100', 'cifar-100-binary'), 'cifar100', at('c100-cifar-100-binary.tar.gz')],
    ['the Python version of CIFAR-10', python, 'cifar10', python],
    ['an archive of it', tarred('py', 'cifar-10-batches-py'), 'cifar10', at('py-cifar-10-batches-py.tar.gz')],
    ['that of CIFAR-100', python100, 'cifar100', python100],
    ['an archive of that', tarred('py', 'cifar-100-python'), 'cifar100', at('py-cifar-100-python.tar.gz')],
    ['batches of ImageNet16', imagenet, 'imagenet16-120', imagenet],
    ['files of MNIST', mnist, 'mnist', mnist],
    ['one file of MNIST, packed', path.join(mnist, 't10k-labels-idx1-ubyte.gz'), 'mnist', mnist],
    ['one file of Fashion-MNIST', path.join(fashion, 'train-images-idx3-ubyte'), 'fashion-mnist', fashion],
    ['a zip archive, whatever its name', at('any-name.data'), 'arrays', at('any-name.data')],
    ['a folder of .npy files', arrays, 'arrays', arrays],
    ['a .npy file', path.join(arrays, 'images.npy'), 'arrays', arrays],
    ['class folders', folders, 'folders', folders],
  ])('knows %s', async (_, location, name, found) => {
    expect(await recognise(location)).toMatchObject({ name, path: found })
  })

  it.each([
    ['nothing', at('nowhere'), /nowhere: it does not exist\. Check the path\./],
    [
      'one image',
      `${writeFiles(at('one'), { 'cat.png': pngFile(2, 2, 1, () => 0) })}/cat.png`,
      /it is one PNG image\. Name the folder of class folders/,
    ],
    [
      'a text',
      `${writeFiles(at('text'), { 'a.txt': 'hello' })}/a.txt`,
      /text\/a\.txt: it is a text file\. Name the file or folder that holds the images\./,
    ],
    ['a folder of texts', at('text'), /text: it holds no images, but 1 file, such as .*a\.txt: it is a text file\./],
    [
      'a packed text',
      at('a.gz'),
      /a\.gz: it is a text file, packed by gzip\. Unpack it, then check it again: gunzip -k .*a\.gz$/,
    ],
    [
      'an archive of other things',
      tarred('.', 'text'),
      /it is an archive without images or a known data set \(it holds a\.txt\)\. Unpack it and check what is there: mkdir -p/,
    ],
  ])('says what to do with %s', async (_, location, message) => {
    const error: unknown = await recognise(location).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DataError)
    expect((error as Error).message).toMatch(message)
  })

  it('looks at content, so that an empty folder is nothing', async () => {
    mkdirSync(at('empty'))
    await expect(recognise(at('empty'))).rejects.toThrow('empty: it is empty. Name a folder')
  })
})
