import { DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { mostPickleContainers, mostPickleInstructions } from '../limits.js'
import { Memo } from './memo.js'
import { findGlobal } from './numpy.js'
import { asText, Buildable, type KnownGlobal, type PickleValue } from './values.js'

/**
 * Reads Python's pickle format, protocols 2 to 5, as far as dictionaries with texts as keys, lists, tuples, numbers,
 * texts, bytes and NumPy arrays of numbers need it (Python's `pickletools` documents the format). No code is run:
 * anything else in a pickle is an error.
 *
 * @returns views into `bytes`, not copies.
 * @throws DataError with the offset at which it is damaged, ends too early or has unsupported contents.
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  const machine = new Machine(bytes)
  try {
    return machine.run()
  } catch (cause) {
    throw new DataError(
      `this is no pickle of arrays, or it is damaged: at byte ${machine.offset} ${messageOf(cause)}`,
      { cause },
    )
  }
}

const mark = Symbol('mark')
type StackEntry = PickleValue | typeof mark

class Machine {
  offset = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #stack: StackEntry[] = []
  readonly #memo = new Memo()
  #containers = 0
  /** Bytes created by calls, not contained in the file. */
  #madeBytes = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  run(): PickleValue {
    for (let instructions = 0; ; instructions++) {
      if (instructions === mostPickleInstructions) {
        throw new DataError(`it has more than ${mostPickleInstructions} instructions, the most that are read`)
      }
      const code = this.#uint(1)
      if (code === 0x2e /* . STOP */) {
        const result = this.#pop()
        if (this.#stack.length > 0) throw new DataError('more than one value is left')
        if (this.offset < this.#bytes.length) throw new DataError('it ends, but the file goes on')
        return result
      }
      this.#step(code)
    }
  }

  /** One instruction; the names are those of Python's `pickletools`. */
  #step(code: number): void {
    switch (code) {
      case 0x80 /* PROTO */:
        this.#protocol(this.#uint(1))
        break
      case 0x95 /* FRAME: how much to read ahead */:
        this.#take(8)
        break
      case 0x28 /* ( MARK */:
        this.#stack.push(mark)
        break
      case 0x4e /* N NONE */:
        this.#push(null)
        break
      case 0x88 /* NEWTRUE */:
        this.#push(true)
        break
      case 0x89 /* NEWFALSE */:
        this.#push(false)
        break
      case 0x4b /* K BININT1 */:
        this.#push(this.#uint(1))
        break
      case 0x4d /* M BININT2 */:
        this.#push(this.#uint(2))
        break
      case 0x4a /* J BININT */:
        this.#push(this.#view.getInt32(this.#skip(4), true))
        break
      case 0x8a /* LONG1 */:
        this.#push(integer(this.#take(this.#uint(1))))
        break
      case 0x47 /* G BINFLOAT */:
        this.#push(this.#view.getFloat64(this.#skip(8), false))
        break
      case 0x55 /* U SHORT_BINSTRING */:
      case 0x43 /* C SHORT_BINBYTES */:
        this.#push(this.#take(this.#uint(1)))
        break
      case 0x54 /* T BINSTRING */:
      case 0x42 /* B BINBYTES */:
        this.#push(this.#take(this.#uint(4)))
        break
      case 0x8e /* BINBYTES8 */:
      case 0x96 /* BYTEARRAY8 */:
        this.#push(this.#take(this.#uint(8)))
        break
      case 0x8c /* SHORT_BINUNICODE */:
        this.#push(this.#text(1))
        break
      case 0x58 /* X BINUNICODE */:
        this.#push(this.#text(4))
        break
      case 0x5d /* ] EMPTY_LIST */:
      case 0x29 /* ) EMPTY_TUPLE */:
        this.#pushContainer([])
        break
      case 0x7d /* } EMPTY_DICT */:
        this.#pushContainer(new Map())
        break
      case 0x85 /* TUPLE1 */:
      case 0x86 /* TUPLE2 */:
      case 0x87 /* TUPLE3 */:
        this.#pushContainer(Array.from({ length: code - 0x84 }, () => this.#pop()).reverse())
        break
      case 0x74 /* t TUPLE */:
        this.#pushContainer(this.#popToMark())
        break
      case 0x61 /* a APPEND */:
        this.#append([this.#pop()])
        break
      case 0x65 /* e APPENDS */:
        this.#append(this.#popToMark())
        break
      case 0x73 /* s SETITEM */:
        this.#setItems([this.#pop(), this.#pop()].reverse())
        break
      case 0x75 /* u SETITEMS */:
        this.#setItems(this.#popToMark())
        break
      case 0x63 /* c GLOBAL */:
        this.#push(findGlobal(this.#line(), this.#line()))
        break
      case 0x93 /* STACK_GLOBAL */:
        {
          const name = asText(this.#pop())
          this.#push(findGlobal(asText(this.#pop()), name))
          break
        }
      case 0x52 /* R REDUCE */:
        this.#reduce()
        break
      case 0x62 /* b BUILD */:
        this.#build()
        break
      case 0x71 /* q BINPUT */:
        this.#remember(this.#uint(1))
        break
      case 0x72 /* r LONG_BINPUT */:
        this.#remember(this.#uint(4))
        break
      case 0x94 /* MEMOIZE */:
        this.#remember(this.#memo.size)
        break
      case 0x68 /* h BINGET */:
        this.#recall(this.#uint(1))
        break
      case 0x6a /* j LONG_BINGET */:
        this.#recall(this.#uint(4))
        break
      default:
        throw new DataError(`the instruction 0x${code.toString(16)} stands`)
    }
  }

  #protocol(version: number): void {
    if (version < 2 || version > 5) throw new DataError(`protocol ${version} is named instead of 2 to 5`)
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#stack.at(-1)
    if (!Array.isArray(list)) throw new DataError('items are added to something that is no list')
    for (const item of items) list.push(item)
  }

  #setItems(items: readonly PickleValue[]): void {
    const dictionary = this.#stack.at(-1)
    if (!(dictionary instanceof Map) || items.length % 2 !== 0) throw new DataError('a dictionary is not well formed')
    for (let i = 0; i < items.length; i += 2) dictionary.set(asText(items[i]), items[i + 1] as PickleValue)
  }

  #reduce(): void {
    const args = this.#pop()
    const called = this.#pop()
    if (!Array.isArray(args) || !isGlobal(called)) throw new DataError('a call is not well formed')
    const made = called.call(args)
    // The same string may be recalled and encoded many times.
    if (made instanceof Uint8Array) this.#madeBytes += made.length
    if (this.#madeBytes > this.#bytes.length) throw new DataError('more bytes are made than the file holds')
    this.#push(made)
  }

  /**
   * Replaces an object and its state by the finished object, also in the memo, from which others may already have been
   * built (a dtype that several arrays share).
   */
  #build(): void {
    const state = this.#pop()
    const unfinished = this.#pop()
    if (!(unfinished instanceof Buildable)) throw new DataError('a state is given to something that has none')
    const finished = unfinished.build(state)
    this.#memo.finish(unfinished, finished)
    this.#push(finished)
  }

  #remember(index: number): void {
    const value = this.#stack.at(-1)
    if (value === undefined || value === mark) throw new DataError('there is nothing to remember')
    this.#memo.set(index, value as PickleValue)
  }

  #recall(index: number): void {
    this.#push(this.#memo.get(index))
  }

  #pushContainer(value: PickleValue[] | Map<string, PickleValue>): void {
    if (++this.#containers > mostPickleContainers) {
      throw new DataError(
        `it has more than ${mostPickleContainers} lists, dictionaries and tuples, the most that are read`,
      )
    }
    this.#push(value)
  }

  #push(value: PickleValue): void {
    this.#stack.push(value)
  }

  #pop(): PickleValue {
    const value = this.#stack.pop()
    if (value === undefined || value === mark) throw new DataError('a value is missing')
    return value as PickleValue
  }

  #popToMark(): PickleValue[] {
    const from = this.#stack.lastIndexOf(mark)
    if (from < 0) throw new DataError('a mark is missing')
    const items = this.#stack.splice(from)
    return items.slice(1) as PickleValue[]
  }

  #text(lengthBytes: number): string {
    return Buffer.from(this.#take(this.#uint(lengthBytes))).toString('utf8')
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.offset)
    if (end < 0) throw new DataError('a line does not end')
    const text = Buffer.from(this.#bytes.subarray(this.offset, end)).toString('utf8')
    this.offset = end + 1
    return text
  }

  #uint(length: number): number {
    return integer([...this.#take(length), 0])
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length)
    return this.#bytes.subarray(start, start + length)
  }

  #skip(length: number): number {
    const start = this.offset
    if (start + length > this.#bytes.length) throw new DataError('the file ends too early')
    this.offset = start + length
    return start
  }
}

/** Little-endian two's complement. */
function integer(bytes: ArrayLike<number>): number {
  let value = 0
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + (bytes[i] as number)
  const isNegative = bytes.length > 0 && (bytes[bytes.length - 1] as number) >= 128
  value -= isNegative ? 256 ** bytes.length : 0
  if (!Number.isSafeInteger(value)) throw new DataError('a number is too large')
  return value
}

function isGlobal(value: PickleValue): value is KnownGlobal {
  return typeof value === 'object' && value !== null && 'call' in value && !(value instanceof Buildable)
}
