import { z } from 'zod'
import { packageVersion } from '../platform/package-version.js'
import { programDigest } from '../platform/program-digest.js'
import { resultsVersion } from './results-version.js'

/** Everything that determines the results of a run besides its configuration. Recorded by each session. */
export interface Identity {
  /** The images and their split. */
  readonly data: { readonly name: string; readonly fingerprint: string }
  /** `device`: the instruction set, or the GPU. */
  readonly engine: { readonly name: string; readonly version: string; readonly device: string }
  /** Programs with equal numbers give equal results. */
  readonly resultsVersion: number
  /** Version of the package; does not matter if `resultsVersion` is equal. */
  readonly version: string
  /** Digest of the installed files and Node, see `programDigest`; for information. */
  readonly program: string
}

const identitySchema: z.ZodType<Identity> = z.object({
  data: z.object({ name: z.string(), fingerprint: z.string() }),
  engine: z.object({ name: z.string(), version: z.string(), device: z.string() }),
  resultsVersion: z.number(),
  version: z.string(),
  program: z.string(),
})

/** The identity of a session with this program, data set and engine. */
export function identityOf(data: Identity['data'], engine: Identity['engine']): Identity {
  return {
    data: { name: data.name, fingerprint: data.fingerprint },
    engine: { name: engine.name, version: engine.version, device: engine.device },
    resultsVersion,
    version: packageVersion(),
    program: programDigest(),
  }
}

/** Null if the value is not a valid identity, for instance in an edited journal. */
export function parseIdentity(value: unknown): Identity | null {
  return identitySchema.safeParse(value).data ?? null
}
