import { z } from 'zod'
import { packageVersion } from '../platform/package-version.js'
import { programDigest } from '../platform/program-digest.js'
import { resultsVersion } from './results-version.js'

/** What decides the results of a run besides its configuration, as each of its sessions records it. */
export interface Identity {
  /** The images, and how they are split. */
  readonly data: { readonly name: string; readonly fingerprint: string }
  /** `device`: the instruction set, or the GPU. */
  readonly engine: { readonly name: string; readonly version: string; readonly device: string }
  /** Programs with equal numbers give equal results. */
  readonly resultsVersion: number
  /** Of the package. With an equal `resultsVersion` another one makes no difference. */
  readonly version: string
  /** Of the installed files and Node, see `programDigest`; for people. */
  readonly program: string
}

const identitySchema: z.ZodType<Identity> = z.object({
  data: z.object({ name: z.string(), fingerprint: z.string() }),
  engine: z.object({ name: z.string(), version: z.string(), device: z.string() }),
  resultsVersion: z.number(),
  version: z.string(),
  program: z.string(),
})

/** What a session of this program on these images with this engine is measured on. */
export function identityOf(data: Identity['data'], engine: Identity['engine']): Identity {
  return {
    data: { name: data.name, fingerprint: data.fingerprint },
    engine: { name: engine.name, version: engine.version, device: engine.device },
    resultsVersion,
    version: packageVersion(),
    program: programDigest(),
  }
}

/** Null for a value that is not an identity, for instance after a journal was edited. */
export function parseIdentity(value: unknown): Identity | null {
  return identitySchema.safeParse(value).data ?? null
}
