/* Ways to damage a file, chosen by a random number generator that gives the same damage for the same seed. */

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 65_536, 1_000_000]

const ways = [
  function flipBits(bytes, below) {
    for (let n = 1 + below(4); n > 0; n--) bytes[below(bytes.length)] ^= 1 << below(8)
    return bytes
  },
  function setBytes(bytes, below) {
    for (let n = 1 + below(4); n > 0; n--) bytes[below(bytes.length)] = [0, 0xff, 0x7f, 0x80, below(256)][below(5)]
    return bytes
  },
  /** Lengths and counts stand near the beginning or the end, in either byte order. */
  function setNumber(bytes, below) {
    const width = [2, 4][below(2)]
    if (bytes.length < width) return bytes
    const reach = Math.min(bytes.length - width + 1, 200)
    const at = [below(reach), bytes.length - width - below(reach), below(bytes.length - width + 1)][below(3)]
    const value = extremes[below(extremes.length)] % 2 ** (8 * width)
    if (below(2) === 0) bytes.writeUIntLE(value, at, width)
    else bytes.writeUIntBE(value, at, width)
    return bytes
  },
  function cut(bytes, below) {
    return bytes.subarray(0, below(bytes.length))
  },
  function remove(bytes, below) {
    const at = below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(64))])
  },
  function repeat(bytes, below) {
    const at = below(bytes.length)
    const part = bytes.subarray(at, at + 1 + below(64))
    const times = [1, 2, 10, 1000][below(4)]
    return Buffer.concat([bytes.subarray(0, at), ...new Array(times).fill(part), bytes.subarray(at)])
  },
  function insertBlanks(bytes, below) {
    const at = below(bytes.length)
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.alloc([1, 100, 60_000][below(3)], [0, 0x20, 0xff, 0x28][below(4)]),
      bytes.subarray(at),
    ])
  },
  function swapDigits(bytes, below) {
    const digits = [...bytes.keys()].filter((i) => bytes[i] >= 0x30 && bytes[i] <= 0x39)
    for (let n = 1 + below(3); n > 0 && digits.length > 0; n--) bytes[digits[below(digits.length)]] = 0x30 + below(10)
    return bytes
  },
]

/** A damaged copy of `bytes`. `random` gives numbers of 0..1. */
export function mutate(bytes, random) {
  const below = (end) => Math.floor(random() * end)
  let mutant = Buffer.from(bytes)
  for (let n = 1 + below(3); n > 0 && mutant.length > 0; n--) mutant = ways[below(ways.length)](mutant, below)
  return Buffer.from(mutant)
}
