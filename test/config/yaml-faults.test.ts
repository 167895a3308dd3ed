import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { type Config, configSchema } from '../../src/config/schema/config.js'
import { ConfigError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('yaml')
const file = path.join(folder, 'job.yaml')

const good = `data: { name: fashion-mnist }
evaluator:
  name: fear
  threshold: 0.6
budget: { trials: 3 }
`

/** What is said of a text; anything but a ConfigError is thrown on. */
function complaint(text: string | Uint8Array, sets: readonly string[] = []): string {
  writeFileSync(file, text)
  return complaintOf(file, sets).replaceAll(file, 'job.yaml')
}

function complaintOf(name: string, sets: readonly string[] = []): string {
  try {
    loadConfig(name, sets)
    return 'no complaint'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.exitCode).toBe(2)
    return error.message
  }
}

/** Each list has ten times the one before: a billion values in the end. */
const bomb = [...'abcdefghij'].map((name, i, names) => {
  const items = Array.from({ length: 10 }, () => (i === 0 ? '1' : `*${names[i - 1]}`))
  return `${name}: &${name} [${items.join(', ')}]\n`
})

describe('a YAML file', () => {
  it.each([
    [
      'an unknown alias',
      `${good}seed: *nope\n`,
      '6:7  the alias *nope has no anchor &nope before it. Define the anchor, or quote the value.',
    ],
    [
      'a merge of something that is no group',
      `${good}space:\n  <<: 3\n`,
      '7:7  << needs a group of settings, such as an alias: <<: *anchor.',
    ],
    [
      'a merge of a list with something that is no group',
      `${good}x: &x [1]\nspace:\n  <<: [*x]\n`,
      '8:8  << needs a group of settings, such as an alias: <<: *anchor.',
    ],
    [
      'an alias inside its own anchor',
      `${good}seed: &a [*a]\n`,
      '6:11  the alias *a is inside its own anchor &a. Write the value out.',
    ],
    [
      'a merge of a group into itself',
      `${good}space: &a\n  <<: *a\n`,
      '7:7  the alias *a is inside its own anchor &a. Write the value out.',
    ],
    [
      'an alias bomb',
      bomb.join(''),
      '5:7  with its aliases written out this comes to more than 100000 values. Use fewer.',
    ],
    [
      'aliases without end',
      `x: &x 1\ny: [${'*x ,'.repeat(5000)}]`,
      '2:4005  more than 1000 aliases are used. Use fewer.',
    ],
    [
      'lists in lists in lists',
      `seed: ${'['.repeat(100_000)}`,
      '1:108  the values are nested more than 100 levels deep. Nest them less.',
    ],
    [
      'the same in blocks',
      '- '.repeat(100_000),
      '1:202  the values are nested more than 100 levels deep. Nest them less.',
    ],
    ['two documents', `${good}---\n${good}`, '6:1  a second YAML document begins here. Keep one.'],
    ['only a number', '3', '1:1  the file must be a group of settings, got 3.'],
    ['only a list', '[1]', '1:1  the file must be a group of settings, got [1].'],
    ['a key twice', `${good}seed: 1\nseed: 2\n`, '7:1  the key seed occurs twice in this group. Remove one.'],
    ['a list for a key', `${good}? [1]\n: 2\n`, '6:3  a key must be a word, the name of a setting.'],
    ['nothing for a key', `${good}: 2\n`, '6:1  a key must be a word, the name of a setting.'],
    ['a tag', `${good}seed: !foo 3\n`, '6:7  the tag !foo is not known here. Leave it out, or quote the value.'],
    [
      'a tag of YAML',
      `${good}seed: !!binary aGk=\n`,
      '6:7  the tag !!binary is not known here. Leave it out, or quote the value.',
    ],
    ['a zero byte', `${good}seed: \0\n`, '6:7  the file has a zero byte here, so it is not text. Name a YAML file.'],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), '1:1  the file is UTF-16. Save it as UTF-8.'],
    [
      'a byte that is no UTF-8',
      Buffer.concat([Buffer.from(`${good}seed: é`), Buffer.of(0xff)]),
      '6:8  the file is not UTF-8 text here. Save it as UTF-8, or name a YAML file.',
    ],
    ['__proto__', `${good}__proto__: { x: 1 }\n`, '6:1  __proto__ is not a setting.'],
    ['__proto__ in a group', `${good}space: { __proto__: { cells: 1 } }\n`, '6:10  __proto__ is not a setting.'],
    ['constructor', `${good}constructor: { x: 1 }\n`, '6:1  constructor is not a setting. Did you mean constraints?'],
    [
      'no number',
      good.replace('0.6', '.nan'),
      '4:14  evaluator.threshold must be a number in (0, 1], or auto, got .nan.',
    ],
    [
      'no finite number',
      good.replace('trials: 3', 'trials: -.inf'),
      '5:19  budget.trials must be a number, got -.inf.',
    ],
    ['no finite number in a list', `${good}seed: [.inf]\n`, '6:7  seed must be a number or text, got [".inf"].'],
  ])('with %s is refused with its place', (_, text, message) => {
    expect(complaint(text)).toBe(`job.yaml:${message}`)
  })

  it('may have a mark of its byte order, an alias of a group in a group, and a merge of several', () => {
    const text = `\ufeff${good.replace('evaluator:', 'evaluator: &fear')}
training: { epochs: 2 }
arms:
  - { name: a, evaluator: { <<: [*fear, { ratio: 9 }], maxEpochs: 7 } }
  - { name: b, evaluator: *fear }
`
    writeFileSync(file, text)
    const [a, b] = loadConfig(file).arms ?? []
    expect(a?.evaluator).toMatchObject({ threshold: 0.6, ratio: 9, maxEpochs: 7 })
    expect(b?.evaluator).toMatchObject({ threshold: 0.6, ratio: 4 })
  })

  it('is changed by --set in one place only where aliases repeat a group', () => {
    const arms = `arms:
  - { name: a, evaluator: &fear { name: fear, threshold: 0.7 } }
  - { name: b, evaluator: *fear }
`
    writeFileSync(file, `${good}${arms}`)
    const thresholds = (loadConfig(file, ['arms.1.evaluator.threshold=0.9']).arms ?? []).map(
      ({ evaluator }) => evaluator.name === 'fear' && evaluator.threshold,
    )
    expect(thresholds).toEqual([0.7, 0.9])
  })
})

describe('a name that is no configuration file', () => {
  it('is refused by its kind', () => {
    const fifo = path.join(folder, 'pipe.yaml')
    execFileSync('mkfifo', [fifo])
    mkdirSync(path.join(folder, 'folder.yaml'))
    writeFileSync(path.join(folder, 'large.yaml'), '#'.repeat(2 ** 20 + 1))
    writeFileSync(path.join(folder, 'job.yaml'), good)
    const said = (name: string): string =>
      complaintOf(path.join(folder, name))
        .replaceAll(`${folder}/`, '')
        .replace(/There are: .*/, 'There are: ...')
    expect(said('pipe.yaml')).toBe('pipe.yaml is a named pipe; a plain file is expected here. Name a YAML file.')
    expect(said('folder.yaml')).toBe('folder.yaml is a folder; a plain file is expected here. Name a YAML file.')
    expect(said('large.yaml')).toBe('large.yaml has 1048577 bytes, more than the limit of 1048576. Name a YAML file.')
    expect(said('absent.yaml')).toBe('absent.yaml does not exist. There are: ...')
    expect(said('job.yaml/absent.yaml')).toBe('job.yaml/absent.yaml does not exist. There are: ...')
    expect(said(`${'x'.repeat(300)}.yaml`)).toContain('cannot be read (ENAMETOOLONG)')
    expect(complaintOf('/dev/zero')).toBe('/dev/zero is a device; a plain file is expected here. Name a YAML file.')
    expect(complaintOf('')).toBe('The name of the configuration is empty. Name a YAML file.')
    expect(complaintOf('-')).toMatch(/^- does not exist\. There are: search-configs/)
  })

  it.skipIf(process.getuid?.() === 0)('is refused where it may not be read', () => {
    const secret = path.join(folder, 'secret.yaml')
    writeFileSync(secret, good)
    chmodSync(secret, 0)
    expect(complaintOf(secret)).toBe(`${secret} cannot be read (EACCES). Check its permissions.`)
  })
})

describe('--set', () => {
  const arms = `${good}arms:
  - { name: a, evaluator: { name: fear } }
  - { name: b, evaluator: { name: full-training } }
`

  it.each([
    ['__proto__.x=1', '__proto__ is not a setting.'],
    ['evaluator.__proto__.x=1', '__proto__ is not a setting.'],
    ['seed={ __proto__: { x: 1 } }', '__proto__ is not a setting.'],
    ['constructor.prototype.x=1', 'constructor is not a setting. Did you mean constraints?'],
    ['toString=1', 'toString is not a setting. Did you mean training?'],
    [
      'evaluator.name=constructor',
      'evaluator.name must be one of fear, short-training, zero-cost, full-training, module, got "constructor".',
    ],
    ['engine=hasOwnProperty', 'engine must be one of auto, tensorflow, native, wasm, tfjs-cpu, got "hasOwnProperty".'],
    ['seed=*x', 'the alias *x has no anchor &x before it. Define the anchor, or quote the value.'],
    ['seed={<<: 3}', '<< needs a group of settings, such as an alias: <<: *anchor.'],
    ['seed=[', 'has a value that is not valid YAML. Quote it.'],
    ['seed=!!foo 3', 'the tag !!foo is not known here. Leave it out, or quote the value.'],
    ['seed=1\n--- \n2', 'a second YAML document begins here. Keep one.'],
    ['evaluator..ratio=2', 'must have the form path=value, such as override training.epochs=20'],
    ['arms.length=0', 'arms is a list, and length is not an item of it. Its items are 0 to 1; 2 adds one.'],
    [
      'arms.4294967294.name=x',
      'arms is a list, and 4294967294 is not an item of it. Its items are 0 to 1; 2 adds one.',
    ],
    ['arms.one.name=x', 'arms is a list, and one is not an item of it. Its items are 0 to 1; 2 adds one.'],
    ['budget.wallClock=9999999d', 'budget.wallClock must be at most 3650d, got "9999999d".'],
    ['trialTimeout=25d', 'trialTimeout must be at most 20d, got "25d".'],
    ['budget.trials=9007199254740991', 'budget.trials must be at most 1000000000, got 9007199254740991.'],
    ['budget.trainingFlops=1e999', 'budget.trainingFlops must be a number, got .inf.'],
    ['resampling.searches=1e15', 'resampling.searches must be at most 1000000, got 1000000000000000.'],
    [
      'data.path=~root/images',
      'data.path must be a path in full or with ~/ (other users\' home directories are not looked up), got "~root/images".',
    ],
  ])('%s is refused', (set, message) => {
    expect(complaint(arms, [set])).toBe(`override ${set}  ${message}`)
    expect({}).not.toHaveProperty('x')
  })

  it('names a duration of hundreds of digits, and a limit of as many, by no more than their beginning', () => {
    const digits = '9'.repeat(400)
    expect(complaint(good, [`budget.wallClock=${digits}s`])).toMatch(
      /^override budget\.wallClock=9{180}\.\.\. {2}budget\.wallClock must be a duration such as 90s, 30m or 1h30m, got "9{56}\.\.\.\.$/,
    )
    expect(complaint(good, [`constraints={ params: <${digits} }`])).toContain('must be a limit such as <500k')
    expect(complaint(good, [`constraints={ params: "<${'9'.repeat(99)}" }`])).toContain('must be a limit such as <500k')
    expect(complaint(good, [`constraints={ params: "${' '.repeat(50_000)}" }`])).toContain(
      'must be a limit such as <500k',
    )
  })
})

/** Pieces that texts are made of: the more of YAML's signs, and of names that JavaScript knows, the better. */
const pieces = [
  ...[
    '*a',
    '&a ',
    '<<: ',
    '<<: *a',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '? ',
    '| ',
    '>',
    '\n',
    '\n  ',
    '---\n',
    '...\n',
    ', ',
  ],
  ...['!!binary ', '!x ', '%YAML 1.1\n', '#', '"', "'", '\t', '\0', '\ufeff', '\u2028', '\ud800', '~', '~/x', '~root'],
  ...[
    '.nan',
    '.inf',
    '-.inf',
    '1e999',
    '-1',
    '0',
    '9007199254740993',
    '9'.repeat(400),
    '1e400s',
    '0x10',
    'null',
    'true',
  ],
  ...['__proto__: ', 'constructor: ', 'prototype', 'toString', 'length: ', 'name: ', 'module', 'fear', 'asha', 'cell'],
]
const configs = readdirSync('search-configs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(path.join('search-configs', name), 'utf8'))

const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 }))
/** A real configuration with some cuts and pieces put in anywhere. */
const mutated = fc
  .tuple(
    fc.constantFrom(good, ...configs),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), piece), { minLength: 1, maxLength: 5 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [at, cut, put]) => {
      const place = at % (now.length + 1)
      return now.slice(0, place) + put + now.slice(place + cut)
    }, text),
  )
const real = fc.constantFrom(good, ...configs)
const loose = fc.array(piece, { maxLength: 60 }).map((all) => all.join(''))
const setting = fc.constantFrom(
  ...['seed', 'data', 'data.name', 'data.path', 'space.name', 'evaluator', 'evaluator.name', 'evaluator.stage1.batch'],
  ...['strategy.name', 'arms', 'arms.0', 'arms.0.evaluator.name', 'arms.0.name', 'budget.trials', 'budget.wallClock'],
  ...['constructor', 'a.constructor.b', 'strategy.settings.x', 'rank.from', 'rank.evaluators.0', 'constraints.params'],
  ...[
    'training.epochs',
    'training.weightDecay',
    'evaluator.ratio',
    'trialTimeout',
    'finalists',
    'budget.trainingFlops',
  ],
)
const number = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.nat({ max: 2000 })).map(String)
const set = fc
  .tuple(
    setting,
    fc.oneof(fc.array(piece, { maxLength: 4 }), fc.tuple(number), fc.tuple(number, fc.constantFrom('s', 'd'))),
  )
  .map(([name, all]) => `${name}=${all.join('')}`)

describe('any text at all', () => {
  it('is a configuration that can be resumed from a journal, or a ConfigError, in bounded time', () => {
    const inherited = Object.getOwnPropertyNames(Object.prototype).length
    fc.assert(
      fc.property(fc.oneof(mutated, loose, real), fc.array(set, { maxLength: 2 }), (text, sets) => {
        writeFileSync(file, text)
        let config: Config
        const began = process.hrtime.bigint()
        try {
          config = loadConfig(file, sets)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          expect(error.message).not.toBe('')
          return
        } finally {
          expect(Number(process.hrtime.bigint() - began) / 1e9).toBeLessThan(10)
        }
        const journalled: unknown = JSON.parse(JSON.stringify(config))
        expect(JSON.parse(JSON.stringify(configSchema.parse(journalled)))).toEqual(journalled)
      }),
      { numRuns: 1000 },
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(inherited)
  }, 120_000)
})
