import { inputShape, type NodeSpec } from '../networks/network-spec.js'
import { packageVersion } from '../platform/package-version.js'
import type { PortableNetwork, Provenance } from './portable-network.js'

/** What every exported file says of its network, under the same names in every format. */
export interface Metadata extends Omit<Provenance, 'dataset'> {
  readonly classNames: readonly string[]
  readonly input: NodeSpec
  readonly normalisation: PortableNetwork['normalisation']
  /** What is done to an image before the network, and what the network does itself. */
  readonly preprocessing: string
  readonly dataset: string | null
  readonly datasetFingerprint: string | null
  readonly producer: string
}

export function metadataOf({ spec, classNames, normalisation, provenance }: PortableNetwork): Metadata {
  const input = inputShape(spec)
  const { dataset, ...origin } = provenance
  return {
    classNames,
    input,
    normalisation,
    preprocessing: preprocessing(input),
    ...origin,
    dataset: dataset?.name ?? null,
    datasetFingerprint: dataset?.fingerprint ?? null,
    producer: `fear-nas ${packageVersion()}`,
  }
}

/** What the graph does not do: it has images of one size. */
export function preprocessing({ channels, height, width }: NodeSpec): string {
  const colours = channels === 1 ? 'grey' : channels === 3 ? 'RGB' : `${channels} channels`
  return (
    `Resize to ${width} x ${height} pixels by averaging areas, ${colours}. Give bytes 0..255 as they are: ` +
    'the network normalises them itself.'
  )
}

/** The metadata as texts by name, for formats that hold nothing else; what is unknown is left out. */
export function metadataTexts(network: PortableNetwork): Readonly<Record<string, string>> {
  const known = Object.entries(metadataOf(network)).filter(([, value]) => value !== null)
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
