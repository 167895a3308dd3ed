import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccuracyTable, readAccuracyTable } from '../../../src/evaluators/tabular/accuracy-table.js'
import { DataError } from '../../../src/platform/errors.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { announceSkip, sharedData } from '../../support/shared-data.js'
import { readTable, tableText, writeTable } from './small-table.js'

const [a, b, c] = [natsTss.at(3), natsTss.at(1), natsTss.at(2)] as const

/** The message of what is thrown, without the folder. */
function complaint(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return (error as Error).message.replaceAll(/\/\S*\/table-\d+/g, 't')
  }
  return expect.fail('nothing was wrong')
}

describe('a table of accuracies', () => {
  it('has its architectures and columns in the order of the file', () => {
    const table = readTable(`index,arch,test\n7,${a},0.5\n8,${b},0.25\n`)
    expect(table.architectures).toEqual([a, b])
    expect(table.columnNames).toEqual(['index', 'test'])
    expect([table.indexOf(b), table.indexOf(c)]).toEqual([1, undefined])
    expect(table.column('test')).toEqual({ name: 'test', unit: 'fraction', values: Float64Array.of(0.5, 0.25) })
  })

  it.each([
    ['fractions', [0, 0.5, 1], 'fraction', [0, 0.5, 1]],
    ['percent', [0, 0.5, 94], 'percent', [0, 0.005, 0.94]],
    ['above 100', [0, 50, 101], 'score', [0, 50, 101]],
    ['below 0', [-0.5, 0, 1], 'score', [-0.5, 0, 1]],
  ])('tells %s apart by the values of the column', (_, values, unit, read) => {
    expect(readTable(tableText({ x: values })).column('x')).toMatchObject({ unit, values: Float64Array.from(read) })
  })

  it('leaves seconds as they are', () => {
    expect(readTable(tableText({ seconds: [1, 50] })).seconds('seconds')).toEqual(Float64Array.of(1, 50))
  })

  it('takes what spreadsheets write: a byte order mark, CRLF, quotes, blanks and empty lines', () => {
    const table = readTable(`\ufeffarch,"a ""note"", or two",test\r\n"${a}","1,5\r\nmore", 0.5 \r\n\r\n${b},x,2e-1`)
    expect(table.columnNames).toEqual(['a "note", or two', 'test'])
    expect(table.column('test').values).toEqual(Float64Array.of(0.5, 0.2))
  })

  it('gives back any numbers that were written', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(numbers, (values) => {
        const { unit, values: read } = readTable(tableText({ x: values })).column('x')
        const scale = unit === 'percent' ? 100 : 1
        // -0 is written as 0.
        expect([...read]).toEqual(values.map((value) => value / scale + 0))
      }),
    )
  })
})

describe('a table that is none', () => {
  const column = (name: string) => (table: AccuracyTable) => table.column(name)
  const nothing = (): void => {}

  it.each([
    ['an empty file', '', nothing, 't.csv:1:1  is empty. It needs a header with a column "arch".'],
    [
      'no arch',
      `archs,x\n${a},1\n`,
      nothing,
      't.csv:1:1  the header has no column "arch". Rename "archs" if that is it.',
    ],
    ['no arch at all', 'x,y\n1,1\n', nothing, 't.csv:1:1  the header has no column "arch". It has: x, y.'],
    ['no rows', 'arch,x\n', nothing, 't.csv:2:1  there is no architecture below the header.'],
    ['two columns of one name', `arch,x,x\n${a},1,2\n`, nothing, 't.csv:1:8  a second column is named "x". Rename'],
    ['a short line', `arch,x\n${a},1\n${b}\n`, nothing, 't.csv:3:1  has 1 cells, but the header has 2. Complete'],
    ['an open quote', `arch,x\n"${a},1\n`, nothing, 't.csv:2:1  is not valid CSV: Quote Not Closed'],
    ['a quote inside', `arch,x\n${a},1"\n`, nothing, 't.csv:2:1  is not valid CSV: Invalid Opening Quote'],
    [
      'no architecture',
      `x,arch\n1,${a}\n2,|none~0|\n`,
      nothing,
      't.csv:3:3  Not an architecture of nats-tss: "|none~0|"',
    ],
    ['a duplicate', `x,arch\n1,${a}\n2,${b}\n3,${a}\n`, nothing, `t.csv:4:3  ${a} is on line 2 already. Remove one`],
    [
      'an unknown column',
      `arch,test\n${a},1\n`,
      column('tests'),
      't.csv has no column "tests". Did you mean test? It has: test.',
    ],
    ['arch as numbers', `arch,test\n${a},1\n`, column('arch'), 't.csv has no column "arch". It has: test.'],
    [
      'no number',
      `arch,x,y\n"${a}",1,2\n${b},"1,5",n/a\n`,
      column('y'),
      `t.csv:3:${b.length + 8}  y must be a number, got "n/a".`,
    ],
    [
      'a decimal comma',
      `arch,x,y\n${a},1,2\n${b},"1,5",3\n`,
      column('x'),
      `t.csv:3:${b.length + 2}  x must be a number, got "1,5".`,
    ],
    ['an empty cell', `arch,x\n${a},\n`, column('x'), `t.csv:2:${a.length + 2}  x must be a number, got "".`],
    ['a hexadecimal number', `arch,x\n${a},0x10\n`, column('x'), 'x must be a number, got "0x10".'],
    ['an infinite number', `arch,x\n${a},1e999\n`, column('x'), 'x must be a number, got "1e999".'],
    [
      'an accuracy above 100',
      `arch,x\n${a},1\n${b},123\n`,
      (t: AccuracyTable) => t.accuracies('x'),
      `t.csv:3:${b.length + 2}  x must be an accuracy, from 0 to 1 or from 0 to 100 percent, got "123".`,
    ],
    [
      'an accuracy below 0',
      `arch,x\n${a},-1\n`,
      (t: AccuracyTable) => t.accuracies('x'),
      'x must be an accuracy, from 0 to 1 or from 0 to 100 percent, got "-1".',
    ],
    [
      'seconds of nothing',
      `arch,x\n${a},0\n`,
      (t: AccuracyTable) => t.seconds('x'),
      'x must be seconds, more than 0, got "0".',
    ],
  ])('%s', (_, text, look, message) => {
    expect(complaint(() => look(readTable(text)))).toContain(message)
  })

  it('because it lacks architectures of the space', () => {
    const file = writeTable(tableText({ x: [1, 2] }))
    const message = complaint(() => readAccuracyTable(file, { space: natsTss, partial: false }))
    expect(message).toBe(
      `t.csv lacks 15623 of the 15625 architectures of nats-tss, such as ${natsTss.at(2)}. ` +
        'Complete it, or search only its architectures with partial: true.',
    )
  })

  it.each([
    ['/nowhere/x.csv', 'does not exist.'],
    ['/', 'is a folder; a plain file is expected here.'],
    ['/dev/zero', 'is a device; a plain file is expected here.'],
  ])('because %s %s', (file, reason) => {
    expect(complaint(() => readAccuracyTable(file, { space: natsTss, partial: true }))).toContain(
      `${file} ${reason} Name a CSV file`,
    )
  })
})

const natsFile = sharedData('nats-tss-accuracy.csv')
if (natsFile === null) announceSkip('nats-tss-accuracy.csv', 'the table of NATS-Bench')

describe.skipIf(natsFile === null)('the table of NATS-Bench', () => {
  it('is complete, in percent, with its known best', () => {
    const table = readAccuracyTable(natsFile ?? '', { space: natsTss, partial: false })
    expect(table.architectures).toHaveLength(15_625)
    for (const name of table.columnNames.filter((name) => name !== 'index')) {
      expect(table.accuracies(name).unit).toBe('percent')
    }
    // The optima that papers on NAS-Bench-201 quote (Dong and Yang, ICLR 2020).
    const best = (name: string): string => (100 * Math.max(...table.accuracies(name).values)).toFixed(2)
    expect(['cifar10_test', 'cifar100_test', 'imagenet16_120_test'].map(best)).toEqual(['94.37', '73.51', '47.31'])
  })
})
