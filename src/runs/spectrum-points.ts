import type { CumulativePoint, SpectrumPoint, ThresholdPoint } from '../study/spectrum-summary.js';
import { queryRows } from '../store/rows/row-files.js';
import { studyRun } from './study-run.js';

/** Places along a spectrum, as index / channels, at which its mean course is given. */
const POSITIONS = 40;
/** Magnitudes sigma / sigma_1 at which the cumulative share is given: from 1e-9 to 1, four a decade. */
const DECADES = 9;
const PER_DECADE = 4;

/**
 * Returns how the singular values of a run fall, for each block, tap, activation and ratio. A point has the median and
 * the middle half over the layers of sigma / sigma_1. Points are the first singular value and 40 places index /
 * channels. The value at place p is the singular value number ceil(p channels); where the spectrum has ended (N <
 * channels) it is 0.
 * @throws RangeError if the run kept no spectra
 */
export async function readSpectrumPoints(folder: string): Promise<SpectrumPoint[]> {
  const value =
    'coalesce(spectrum[greatest(1, ceil(place * channels / ' +
    POSITIONS +
    ')::INTEGER)] / nullif(spectrum[1], 0), 0)';
  return queryRows(
    studyRun,
    folder,
    (source) => `
      SELECT block, tap, activation, dimension_ratio, count(*)::INTEGER AS layers,
             if(place = 0, avg(1 / channels), place / ${POSITIONS}) AS position,
             quantile_cont(value, [0.25, 0.5, 0.75]) AS quartiles
      FROM (SELECT *, ${value} AS value
            FROM ${source}, (SELECT unnest(range(0, ${POSITIONS} + 1)) AS place) WHERE spectrum IS NOT NULL)
      GROUP BY block, tap, activation, dimension_ratio, place
      HAVING place > 0 OR position <> round(position * ${POSITIONS}) / ${POSITIONS} -- one point at a place
      ORDER BY block, tap, activation, dimension_ratio, place`,
    (record) => {
      const [low = 0, middle = 0, high = 0] = record.quartiles as number[];
      const position = record.position as number;
      return { ...group(record), position, magnitude: middle, magnitudeLow: low, magnitudeHigh: high };
    },
  );
}

/**
 * Returns the mean share of singular values at or below each magnitude sigma / sigma_1. Magnitudes go from 1e-9 to 1;
 * there is a point for each block, tap, activation and ratio.
 */
export async function readCumulativePoints(folder: string): Promise<CumulativePoint[]> {
  const share =
    'len(list_filter(spectrum, lambda sigma: sigma <= magnitude * spectrum[1])) / nullif(len(spectrum), 0)';
  return queryRows(
    studyRun,
    folder,
    (source) => `
      SELECT block, tap, activation, dimension_ratio, count(*)::INTEGER AS layers, magnitude, avg(${share}) AS share
      FROM ${source},
           (SELECT pow(10, -step / ${PER_DECADE}) AS magnitude
            FROM (SELECT unnest(range(0, ${DECADES * PER_DECADE} + 1)) AS step))
      WHERE spectrum IS NOT NULL
      GROUP BY block, tap, activation, dimension_ratio, magnitude
      ORDER BY block, tap, activation, dimension_ratio, magnitude`,
    (record) => ({ ...group(record), magnitude: record.magnitude as number, share: record.share as number }),
  );
}

/**
 * Returns where the tolerances of a run cut its spectra. Each place is the median over the layers of threshold /
 * sigma_1. Rules without a threshold, such as `energy`, are not among them.
 */
export async function readThresholds(folder: string): Promise<ThresholdPoint[]> {
  return queryRows(
    studyRun,
    folder,
    (source) => `
      SELECT r.tolerance AS tolerance, median(r.absolute / largest) AS magnitude
      FROM (SELECT unnest(ranks) AS r, largest FROM ${source} WHERE largest > 0)
      WHERE r.absolute > 0 AND regexp_matches(r.tolerance, '^(numpy|matlab|torch|relative|absolute)')
      GROUP BY r.tolerance ORDER BY magnitude`,
    (record) => ({ tolerance: record.tolerance as string, magnitude: record.magnitude as number }),
  );
}

function group(record: Readonly<Record<string, unknown>>) {
  return {
    block: record.block as string,
    tap: record.tap as string,
    activation: record.activation as string,
    dimensionRatio: record.dimension_ratio as number,
    layers: record.layers as number,
  };
}
