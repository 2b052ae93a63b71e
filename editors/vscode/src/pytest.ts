/** How a test is run. Knows no editor. */
import { basename } from 'node:path';

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
