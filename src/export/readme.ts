import { listed } from '../platform/listed.js'
import type { ExportCheck } from './check-export.js'
import { checkText } from './check-text.js'
import type { ExportFormat } from './export-format.js'
import { metadataOf } from './metadata.js'
import type { PortableNetwork } from './portable-network.js'

/** Maximum number of classes to name. */
const mostClasses = 100

/** The README beside exported files: how to use them, where they come from, how they were checked. */
export function readme(format: ExportFormat, network: PortableNetwork, check: ExportCheck): string {
  const { classNames, input, normalisation, preprocessing, ...origin } = metadataOf(network)
  const facts = Object.entries({
    classes: listed(classNames.map(code), {
      most: mostClasses,
      longest: Infinity,
      others: 'more, in the metadata of the files',
    }),
    ...Object.fromEntries(
      Object.entries(origin).map(([name, value]) => [words(name), value === null ? '' : code(value)]),
    ),
    normalisation: `mean ${normalisation.mean.join(', ')}; standard deviation ${normalisation.std.join(', ')}`,
  })
  return `# A trained network as ${format.title}

${format.usage(network)}
${preprocessing}

| | |
| --- | --- |
${facts
  .filter(([, value]) => value !== '')
  .map(([name, value]) => `| ${name} | ${value} |`)
  .join('\n')}

## How it was checked

${checkText(check)}
`
}

/** Names of classes and of folders may hold anything: in a table cell nothing of it is Markdown. */
function code(value: string | number): string {
  const text = String(value).replaceAll(/\s/g, ' ').replaceAll('|', '\\|')
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** `testAccuracy` is `test accuracy`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
