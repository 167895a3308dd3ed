import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/*
 * Folders in the very formats in which data sets are published, with made-up images that even a tiny network can tell
 * apart: their brightness is that of their class.
 */

/** `data_batch_1.bin` to `_5.bin`, `test_batch.bin` and the names of the classes. */
export function writeCifar10(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const names = Array.from({ length: 10 }, (_, i) => `kind ${i}`)
  writeFileSync(path.join(folder, 'batches.meta.txt'), `${names.join('\n')}\n\n`)
  const records = cifarRecords(10_000, (record) => [record % 10])
  for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
    writeFileSync(path.join(folder, `${name}.bin`), records)
  }
  return folder
}

/** `train.bin`, `test.bin` and the names of the classes. The coarse label of fine label f is f mod 20. */
export function writeCifar100(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const names = Array.from({ length: 100 }, (_, i) => `kind ${i}`)
  writeFileSync(path.join(folder, 'fine_label_names.txt'), `${names.join('\n')}\n`)
  const labels = (record: number) => [record % 20, record % 100]
  writeFileSync(path.join(folder, 'train.bin'), cifarRecords(50_000, labels))
  writeFileSync(path.join(folder, 'test.bin'), cifarRecords(10_000, labels))
  return folder
}

/** Labels, then the image; the last label decides its brightness. */
function cifarRecords(count: number, labelsOf: (record: number) => readonly number[]): Uint8Array {
  const labelBytes = labelsOf(0).length
  const bytes = new Uint8Array(count * (labelBytes + 3072))
  for (let record = 0; record < count; record++) {
    const labels = labelsOf(record)
    const start = record * (labelBytes + 3072)
    bytes.set(labels, start)
    bytes.fill(2 * (labels.at(-1) as number) + (record % 7), start + labelBytes, start + labelBytes + 3072)
  }
  return bytes
}

/** `train_data_batch_1` to `_10`, each with an image of classes 1 to 200, and `val_data` with as many. */
export function writeImagenet16(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const labels = Array.from({ length: 200 }, (_, i) => i + 1)
  const names = [...Array.from({ length: 10 }, (_, i) => `train_data_batch_${i + 1}`), 'val_data']
  for (const [file, name] of names.entries()) {
    const rows = new Uint8Array(labels.length * 768)
    for (const [image, label] of labels.entries()) rows.fill(label + file, image * 768, (image + 1) * 768)
    writeFileSync(path.join(folder, name), python2Pickle(rows, labels))
  }
  return folder
}

/** `{'data': rows of 768 bytes, 'labels': labels}` as cPickle of Python 2 writes it with protocol 2. */
export function python2Pickle(rows: Uint8Array, labels: readonly number[]): Uint8Array {
  const uint = (value: number, bytes: 2 | 4): Buffer => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntLE(value, 0, bytes)
    return buffer
  }
  const text = (value: string): Buffer => Buffer.from(value, 'latin1')
  const number = (value: number): Buffer => Buffer.concat([text('M'), uint(value, 2)])
  return Buffer.concat([
    text('\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04'),
    text('K\x00\x85U\x01b\x87Rq\x05(K\x01'),
    number(labels.length),
    number(rows.length / labels.length),
    text(
      '\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T',
    ),
    uint(rows.length, 4),
    rows,
    text('tbU\x06labelsq\x08]q\x09('),
    ...labels.map(number),
    text('eu.'),
  ])
}
