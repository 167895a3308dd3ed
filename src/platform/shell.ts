const plainWord = /^[\w%+,./:=@^-]+$/

/**
 * A word that can be pasted into a POSIX shell, quoted if needed.
 *
 * @example shellWord('my runs/first') // 'my runs/first' in single quotes
 */
export function shellWord(word: string): string {
  if (plainWord.test(word)) return word
  const hasControls = /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(word)
  return hasControls ? `$'${escaped(word)}'` : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * The command that resumes the run in a directory, ready to paste. Used by every message that names it.
 *
 * @param options such as `['--add', 'trials=50']`
 */
export function resumeCommand(directory: string, options: readonly string[] = []): string {
  return ['fear-nas', 'resume', pathWord(directory), ...options.map(shellWord)].join(' ')
}

/** A path as a shell word that cannot be mistaken for an option. */
export function pathWord(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path)
}

/** Within `$'...'`, which bash, zsh and ksh read. */
function escaped(word: string): string {
  return [...word]
    .map((character) => {
      if (character === '\\' || character === "'") return `\\${character}`
      if (!/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(character)) return character
      return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
    })
    .join('')
}
