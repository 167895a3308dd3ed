import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Provenance } from '../export/portable-network.js'
import type { Model } from '../models/model.js'
import { decodeNetwork } from '../models/network-file.js'
import { ConfigError, NetworkFileError, RunDirectoryError } from '../platform/errors.js'
import { listed } from '../platform/listed.js'
import { readPlainFile } from '../platform/plain-file.js'
import { bestNetworkFile } from '../results/network-files.js'
import { bestByValidation } from '../statistics/best-by-validation.js'
import { mostNetworkBytes } from './load-network.js'

/** As `train` writes it. */
const trainedNetworkFile = 'network.bin'

/**
 * The file of the network that is meant: `from` itself if it is a file; in a run directory that of `arm`, or the one with
 * the highest validation accuracy.
 *
 * @throws NetworkFileError if `from` does not exist or a file is damaged; RunDirectoryError if a folder holds no network;
 * ConfigError if it has no such arm.
 */
export function findNetwork(from: string, arm: string | undefined): string {
  const stats = statSync(from, { throwIfNoEntry: false })
  if (stats === undefined) {
    throw new NetworkFileError(`${from} does not exist. Name a run directory, or a best-*.bin in one.`)
  }
  if (!stats.isDirectory()) {
    if (arm === undefined) return from
    throw new ConfigError(
      `${from} is a file, so there is no arm to choose. Leave out the arm, or name the run directory.`,
    )
  }
  const names = readdirSync(from)
    .filter((name) => name === trainedNetworkFile || /^best-.+\.bin$/.test(name))
    .toSorted()
  if (names.length === 0) {
    throw new RunDirectoryError(
      `${from} holds no trained network (best-*.bin or network.bin). Name the directory of a search, comparison or training ` +
        'that has ended (an unfinished one can be resumed); of a repeated comparison that of one run, such as seed-1.',
    )
  }
  if (arm === undefined) return mostAccurate(names.map((name) => path.join(from, name)))
  const wanted = bestNetworkFile(arm)
  if (names.includes(wanted)) return path.join(from, wanted)
  const arms = names.flatMap((name) => /^best-(.+)\.bin$/.exec(name)?.[1] ?? [])
  throw new ConfigError(`${from} has no network of an arm "${arm}". Arms with one: ${listed(arms) || 'none'}.`)
}

function mostAccurate(files: readonly string[]): string {
  if (files.length === 1) return files[0] as string
  const accuracies = files.map((file) => {
    const { validationAccuracy } = decodeNetwork(readPlainFile(file, { mostBytes: mostNetworkBytes }), file)
    return { validationAccuracy }
  })
  return files[bestByValidation(accuracies)] as string
}

const accuracy = z.number().min(0).max(1).nullish()
const network = z.looseObject({ trial: z.number(), architecture: z.string(), testAccuracy: accuracy })
/** What a summary says of networks: `arms` of a search or comparison, the rest of a single training. */
const summarySchema = z.looseObject({
  config: z.looseObject({ seed: z.union([z.number(), z.string()]) }),
  dataset: z.looseObject({ name: z.string(), fingerprint: z.string() }).optional(),
  arms: z.record(z.string(), z.looseObject({ best: network.nullish() })).optional(),
  architecture: z.string().optional(),
  testAccuracy: accuracy,
})

/** More than any summary has. */
const mostSummaryBytes = 2 ** 28

/** What is known of a network: what its file says, and what the summary beside it does, if there is one. */
export function provenanceOf(model: Model, file: string, licence: string | null): Provenance {
  const { architecture, space, trial, validationAccuracy } = model
  const folder = path.dirname(path.resolve(file))
  const summary = readSummary(path.join(folder, 'summary.json'))
  const best = Object.values(summary?.arms ?? {})
    .flatMap(({ best }) => best ?? [])
    .find((candidate) => candidate.trial === trial && candidate.architecture === architecture)
  const isOfTraining = summary?.architecture === architecture
  const known = best !== undefined || isOfTraining
  return {
    architecture,
    searchSpace: space.name,
    run: known ? path.basename(folder) : null,
    trial,
    seed: known ? (summary?.config.seed ?? null) : null,
    dataset: (known && summary?.dataset) || null,
    validationAccuracy,
    testAccuracy: (isOfTraining ? summary?.testAccuracy : best?.testAccuracy) ?? null,
    licence,
  }
}

/** Null if it is absent or not readable: it only adds facts. */
function readSummary(file: string): z.output<typeof summarySchema> | null {
  if (!existsSync(file)) return null
  try {
    return summarySchema.parse(JSON.parse(readPlainFile(file, { mostBytes: mostSummaryBytes }).toString('utf8')))
  } catch {
    return null
  }
}
