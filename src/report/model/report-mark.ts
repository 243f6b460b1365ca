/** The line in the head of a report that marks it as replaceable. */
export const REPORT_MARK = '<meta name="generator" content="rankscope report">';
