import { isAbsolute, relative, resolve, sep } from 'node:path';
import { invalid } from '../../errors.js';
import { writeWhole } from '../../files/write-whole.js';
import { REPORT_MARK } from '../../report/model/report-mark.js';
import { modelReport, type ModelReport } from '../../report/model/model-report.js';
import { claimFile } from '../../store/folder/claim-file.js';
import { text } from '../options/option.js';

/** The flag of commands that write a report. */
export const reportOption = text(
  'Also write a report: one HTML page with everything inside, a name that ends in .html',
  {
    default: 'none',
  },
);

/**
 * Checks, before anything is measured, that a report can be written and replaces nothing but a report.
 * @throws RangeError if it cannot
 */
export async function claimReport(
  path: string | undefined,
  { overwrite = false, out }: { readonly overwrite?: boolean | undefined; readonly out?: string | undefined },
): Promise<void> {
  if (path === undefined) return;
  if (!path.toLowerCase().endsWith('.html')) throw invalid('report', path, 'a file name that ends in .html');
  if (out !== undefined && isInside(out, path))
    throw invalid('report', path, `a file outside of --out ${out}, which holds a run alone`);
  await claimFile(path, { thing: 'report', overwrite, isOwn: (found) => found.includes(REPORT_MARK) });
}

/** Writes the report that was asked for, and says so. */
export async function writeReport(
  path: string | undefined,
  report: ModelReport,
  stream: NodeJS.WritableStream,
): Promise<void> {
  if (path === undefined) return;
  await writeWhole(path, await modelReport(report));
  stream.write(`report   ${path}\n`);
}

function isInside(folder: string, path: string): boolean {
  const from = relative(resolve(folder), resolve(path));
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}
