/** Colours through chalk alone, which leaves them out where they are not wanted; no lines between the rows. */
export const plainTable = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
}
