/** Which files hold tests, and how they are run. Knows no editor. */
import { basename, posix } from 'node:path';

/** A program and its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Runs the tests of one file with pytest. */
export function pytest(interpreter: string | undefined, file: string, platform: NodeJS.Platform): Command {
  const program = interpreter ?? (platform === 'win32' ? 'python' : 'python3');
  return { program, args: ['-m', 'pytest', file] };
}

/** Whether pytest takes a file for one with tests. */
export function holdsTests(file: string): boolean {
  return /^test_.*\.py$|_test\.py$/.test(basename(file));
}

/** The first value from `start` on that a test wants to be filled in. */
export function toFillIn(test: string, start: number): { start: number; end: number } | undefined {
  const found = /backprobe\.fill_in\((["']).*?\1\)/.exec(test.slice(start));
  return found === null ? undefined : { start: start + found.index, end: start + found.index + found[0].length };
}

/** Of these files, the one that holds the tests backprobe wrote for `source`; all relative to the same folder, with slashes. */
export function testsOf(source: string, files: readonly string[]): string | undefined {
  const parts = source.replace(/(\/__init__)?\.py$/, '').split('/');
  // A module is named from some folder on: `src/net/layers.py` is `net.layers`, and its tests are in `test_net_layers_training.py`.
  const names = parts.map((_, start) => `test_${parts.slice(start).join('_')}_training.py`);
  const named = names.map((name) => files.find((file) => posix.basename(file) === name));
  return named.find((file) => file !== undefined);
}
