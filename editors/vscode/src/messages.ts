/** What is said to the user. Knows no editor. */
import type { Search } from './program.ts';

export const OPEN_SETTINGS = 'Open settings';
export const HOW_TO_INSTALL = 'How to install';
export const RUN_THE_TEST = 'Run the test';
export const SHOW_PROBLEMS = 'Show problems';

/** Why there is no server. */
export function notFound(search: Exclude<Search, { kind: 'found' }>): string {
  return search.kind === 'wrong-setting'
    ? `The setting backprobe.path names ${search.program}, and there is no such program.`
    : 'backprobe is not installed: it is neither in the selected Python environment nor on the PATH.';
}

/** The lines of the log that say the same at length. */
export function lookedAt(search: Exclude<Search, { kind: 'found' }>): string[] {
  return search.kind === 'wrong-setting' ? [] : search.looked.map((program) => `there is no ${program}`);
}

/** Why no test was written, given how many findings there are in the line. */
export function noTest(findings: number): string {
  return findings === 0
    ? 'backprobe found nothing in this line.'
    : 'No test was written: no test can prove this finding, or the file of tests has a syntax error.';
}

/** That a test was written just now, and whether it wants values from the user. */
export function written(test: string, isUnfinished: boolean): string {
  const wish = isUnfinished
    ? ' The code does not show all it needs: replace each backprobe.fill_in(…) by a value.'
    : '';
  return `backprobe wrote ${test}.${wish}`;
}

/** That a test was there before. */
export function writtenAlready(test: string): string {
  return `The test is written already: ${test}.`;
}

/** Why no test was run. */
export const NO_TEST_TO_RUN = 'Open the test that shall run, or let backprobe write one first.';

/** What of a hover is not in the message of its finding: the page of the rule. VS Code shows both, one below the other. */
export function pageOf(hover: string): string {
  const rule = '\n\n---\n\n';
  const start = hover.indexOf(rule);
  return start < 0 ? hover : hover.slice(start + rule.length);
}
