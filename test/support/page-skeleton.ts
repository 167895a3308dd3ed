import { parse } from 'parse5'

interface Node {
  readonly nodeName: string
  readonly attrs?: readonly { readonly name: string }[]
  readonly childNodes?: readonly Node[]
}

/** The elements of a page with the names of their attributes, in order: what texts of others must not change. */
export function pageSkeleton(html: string): readonly string[] {
  const walk = ({ nodeName, attrs = [], childNodes = [] }: Node): readonly string[] =>
    nodeName === '#text' ? [] : [[nodeName, ...attrs.map(({ name }) => name)].join(' '), ...childNodes.flatMap(walk)]
  return walk(parse(html) as unknown as Node)
}
