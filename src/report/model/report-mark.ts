/** The line in the head of a report by which one is known that may be replaced. */
export const REPORT_MARK = '<meta name="generator" content="rankscope report">';
