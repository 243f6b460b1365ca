/** A part of a run's rows is written at least every N seconds, after the next finished layer. */
export const PART_SECONDS = 5;
