import type { Phrase } from './findings.js';
import type { ThinSpectrum } from './thin-spectrum.js';

/** A number of directions that a page shows for every layer. */
export interface PageMeasure {
  /** Its heading in the table. */
  readonly label: string;
  /** Its name in the overview. */
  readonly name: string;
  /** Its meaning in plain words. */
  readonly words: string;
}

/** A measure of a layer: `value` of at most `of`, and that of the layer's baseline. */
export interface PageCell {
  readonly value: number;
  readonly of: number;
  readonly random: number | null;
  /** Both ends of the possible values, if it is not certified. */
  readonly range: readonly [number, number] | null;
}

/** A layer as a page shows it. */
export interface PageLayer {
  readonly name: string;
  /** The name without the parts that all names share. */
  readonly short: string;
  readonly kind: string;
  readonly dtype: string;
  readonly rows: number;
  readonly columns: number;
  /** The quantities that the bars of the overview show. */
  readonly bars: readonly [number, number];
  /** In the order of the page's measures. */
  readonly cells: readonly PageCell[];
  /** Places in the page's list of marks. */
  readonly marks: readonly number[];
  /** The used share of the usable width; layers with the lowest come first. */
  readonly used: number;
  /** Sentences for its card: the main finding, and the reasons why it is marked. */
  readonly lead: readonly string[];
  readonly more: readonly string[];
  /** Further numbers, each with its name. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly floor: number;
  readonly edge: number;
}

/** The singular values of a layer, and others to compare them with. */
export interface PageSpectra {
  readonly own: ThinSpectrum;
  readonly other: ThinSpectrum | null;
}

/** The weights of a model, or its features, as a page shows them. */
export interface PageView {
  /** Of its elements. */
  readonly id: string;
  /** In front of its headings, where there are several views. */
  readonly title: string;
  /** The measurement, in a sentence. */
  readonly words: string;
  readonly findings: readonly Phrase[];
  readonly measures: readonly PageMeasure[];
  /** The measure that is shown first. */
  readonly first: number;
  /** The name of the baseline; null without one. */
  readonly baseline: string | null;
  /** The name of the other curve beside a spectrum; null without one. */
  readonly other: string | null;
  readonly bars: readonly [string, string];
  readonly marks: readonly PageMark[];
  readonly layers: readonly PageLayer[];
  /** Further terms that a reader needs, each with its meaning. */
  readonly terms: readonly (readonly [string, string])[];
}

export interface PageMark {
  readonly label: string;
  readonly short: string;
  readonly rule: string;
}

/** A table of a page, of texts and numbers. */
export interface PageTable {
  readonly title: string;
  readonly words: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Everything that a page shows except the spectra, as JSON. */
export interface PageReport {
  readonly file: string;
  readonly version: string;
  readonly facts: readonly (readonly [number: string, words: string])[];
  readonly views: readonly PageView[];
  readonly plan: PageTable | null;
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly skipped: readonly (readonly [name: string, reason: string])[];
  readonly notes: readonly string[];
}
