/** Classes in their order: numbers ascending, or texts by their code units. */
export function inClassOrder(labels: Iterable<string>): readonly string[] {
  const names = [...new Set(labels)]
  const areNumbers = names.every((name) => name !== '' && Number.isFinite(Number(name)))
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort((a, b) => (a < b ? -1 : 1))
}
