/** Where the program `backprobe` is. Knows paths and no editor. */
import { posix, win32 } from 'node:path';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what users write in settings
const WORKSPACE_FOLDER = '${workspaceFolder}';

/** The Python interpreter that the user works with. */
export interface Interpreter {
  readonly path: string;
  /** What chose it, to complete "the interpreter of …". */
  readonly chosenBy: string;
}

/** What decides where the program is looked for. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The variable `PATH`. */
  readonly path: string;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** The setting `backprobe.path`. */
  readonly setting: string;
  readonly interpreter: Interpreter | undefined;
}

/** What came of looking for the program. */
export type Search =
  | { readonly kind: 'found'; readonly program: string; readonly where: string }
  | { readonly kind: 'wrong-setting'; readonly program: string }
  | { readonly kind: 'missing'; readonly looked: readonly string[] };

interface Place {
  readonly program: string;
  readonly where: string;
}

/** Looks where the setting says, then beside the interpreter, then on the `PATH`. A setting that is wrong is not passed over. */
export function findProgram(around: Surroundings, isProgram: (path: string) => boolean): Search {
  const { isAbsolute } = pathsOf(around.platform);
  const setting = expanded(around.setting.trim(), around);
  if (isAbsolute(setting)) {
    return isProgram(setting)
      ? { kind: 'found', program: setting, where: 'the setting backprobe.path' }
      : { kind: 'wrong-setting', program: setting };
  }
  const places =
    setting === ''
      ? [...besideInterpreter(around), ...onPath('backprobe', around)]
      : [...inFolders(setting, around), ...onPath(setting, around)];
  const found = places.find(({ program }) => isProgram(program));
  if (found !== undefined) {
    return { kind: 'found', ...found };
  }
  return setting === ''
    ? { kind: 'missing', looked: places.map(({ program }) => program) }
    : { kind: 'wrong-setting', program: setting };
}

/** The interpreters of the usual environments of the workspace's folders, in the order of preference. */
export function usualInterpreters(platform: NodeJS.Platform, folders: readonly string[]): string[] {
  const { join } = pathsOf(platform);
  const inside = platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  return folders.flatMap((folder) => ['.venv', 'venv'].map((name) => join(folder, name, ...inside)));
}

/** A setting that names a path, with `~` and `${workspaceFolder}` filled in. */
export function expanded(setting: string, around: Pick<Surroundings, 'home' | 'folders'>): string {
  const atHome = setting.replace(/^~(?=$|[\\/])/, () => around.home);
  return atHome.replaceAll(WORKSPACE_FOLDER, () => around.folders[0] ?? '');
}

function besideInterpreter({ platform, interpreter }: Surroundings): Place[] {
  if (interpreter === undefined) {
    return [];
  }
  const { dirname, join } = pathsOf(platform);
  const folder = dirname(interpreter.path);
  // Conda on Windows keeps the interpreter one folder above its programs.
  const folders = platform === 'win32' ? [folder, join(folder, 'Scripts')] : [folder];
  const where = `the environment of ${interpreter.chosenBy}`;
  return folders.map((folder) => ({ program: join(folder, fileName('backprobe', platform)), where }));
}

function inFolders(name: string, { platform, folders }: Surroundings): Place[] {
  const { join } = pathsOf(platform);
  return folders.map((folder) => ({ program: join(folder, name), where: 'the setting backprobe.path' }));
}

function onPath(name: string, { platform, path }: Surroundings): Place[] {
  const { delimiter, isAbsolute, join } = pathsOf(platform);
  // A relative folder on the PATH means another one wherever the editor is started.
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => ({ program: join(folder, fileName(name, platform)), where: 'the PATH' }));
}

function fileName(name: string, platform: NodeJS.Platform): string {
  return platform === 'win32' && !name.endsWith('.exe') ? `${name}.exe` : name;
}

function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
