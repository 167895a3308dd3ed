/** Why the system refused to read or write a file, in words that follow a colon, and what to do, as a sentence begins. */
export interface SystemRefusal {
  readonly reason: string
  readonly step: string
}

/**
 * What a system's error code for a file means: `ENOSPC` is `the disk is full`, `Make room`.
 *
 * @returns null for codes that say nothing more to people than the system's own words.
 */
export function knownRefusal(code: string): SystemRefusal | null {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { reason: 'the disk is full', step: 'Make room' }
    case 'EROFS':
      return { reason: 'its file system is read-only', step: 'Make it writable' }
    case 'EACCES':
    case 'EPERM':
      return { reason: 'this user may not write there', step: 'Change its permissions' }
    default:
      return null
  }
}

/** The same for any code. */
export function systemRefusalOf(code: string): SystemRefusal {
  return knownRefusal(code) ?? { reason: `the system reports ${code}`, step: 'Fix that' }
}
