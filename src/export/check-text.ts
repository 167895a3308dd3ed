import type { ExportCheck } from './check-export.js'

/** The result of a check in sentences. */
export function checkText(check: ExportCheck): string {
  const { checkedBy, description, engine, equalPredictions, images, largestLogit, unchecked } = check
  const { largestLogitDifference, rightAnswers } = check
  const ties = images - equalPredictions
  return [
    `Checked by ${checkedBy}, on ${description}: ${equalPredictions} of ${images} predictions equal those of the ${engine} engine` +
      (ties === 0 ? '.' : `; the other ${ties} are ties, two classes apart by rounding only.`),
    `Logits differ by at most ${largestLogitDifference.toExponential(1)} (the largest is ${largestLogit.toPrecision(3)}).`,
    ...(rightAnswers === null
      ? []
      : [`Right answers: ${rightAnswers.exported} exported, ${rightAnswers.original} before.`]),
    ...(unchecked === null ? [] : [`Not checked: ${unchecked}.`]),
  ].join('\n')
}
