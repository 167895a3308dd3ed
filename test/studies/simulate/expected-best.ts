/**
 * What random search without replacement hands over, in expectation and exactly: the report value of whichever of `k`
 * architectures, drawn from all of them, has the highest score.
 *
 * With the architectures in ascending order of score, the best drawn one is among the first m with probability
 * C(m, k) / C(n, k). Of equal scores the one drawn first is handed over, so that each is as likely.
 */
export function expectedReport(scores: readonly number[], report: readonly number[], k: number): number {
  const order = Array.from(scores.keys()).toSorted((a, b) => (scores[a] as number) - (scores[b] as number))
  let expected = 0
  let start = 0
  while (start < order.length) {
    let end = start + 1
    while (end < order.length && scores[order[end] as number] === scores[order[start] as number]) end++
    const tied = order.slice(start, end)
    const mean = tied.reduce((sum, index) => sum + (report[index] as number), 0) / tied.length
    expected += mean * (shareOfDraws(end, order.length, k) - shareOfDraws(start, order.length, k))
    start = end
  }
  return expected
}

/** C(m, k) / C(n, k). */
function shareOfDraws(m: number, n: number, k: number): number {
  let share = 1
  for (let drawn = 0; drawn < k; drawn++) share *= Math.max(0, m - drawn) / (n - drawn)
  return share
}
