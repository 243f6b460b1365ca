/** A part of a run's rows is written when the next layer is done after this many seconds, at the latest. */
export const PART_SECONDS = 5;
