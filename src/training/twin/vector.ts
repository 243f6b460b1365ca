/** Numbers of the twin: in memory of its own, not shared between threads. */
export type Vector = Float64Array<ArrayBuffer>;
