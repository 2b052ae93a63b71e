/** Which Python interpreter the user works with: as the Python extension says, as the settings say, or the usual one. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { type Disposable, type Event, extensions, type Uri, workspace } from 'vscode';
import { expanded, type Interpreter, usualInterpreters } from './program.ts';

const PYTHON_EXTENSION = 'ms-python.python';

/** What is used of the interface that the Python extension offers to others. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(path: object): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

/** The folders of the workspace that lie on disk. */
export function workspaceFolders(): string[] {
  return (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
}

/** The interpreter for a file, or for the whole workspace. */
export async function interpreterFor(resource: Uri | undefined): Promise<Interpreter | undefined> {
  const selected = await selectedInterpreter(resource);
  if (selected !== undefined) {
    return { path: selected, chosenBy: 'the interpreter that is selected' };
  }
  const folders = workspaceFolders();
  const setting = workspace.getConfiguration('python', resource).get<string>('defaultInterpreterPath', '');
  const configured = expanded(setting, { home: homedir(), folders });
  if (isAbsolute(configured) && existsSync(configured)) {
    return { path: configured, chosenBy: 'the setting python.defaultInterpreterPath' };
  }
  const usual = usualInterpreters(process.platform, folders).find((path) => existsSync(path));
  return usual === undefined ? undefined : { path: usual, chosenBy: usual };
}

/** Calls `changed` whenever another interpreter is selected in the Python extension. */
export async function onInterpreterSelected(changed: () => void): Promise<Disposable | undefined> {
  const python = await pythonExtension();
  return python?.environments.onDidChangeActiveEnvironmentPath(changed);
}

async function selectedInterpreter(resource: Uri | undefined): Promise<string | undefined> {
  const python = await pythonExtension();
  if (python === undefined) {
    return undefined;
  }
  const active = python.environments.getActiveEnvironmentPath(resource ?? workspace.workspaceFolders?.[0]?.uri);
  const resolved = await python.environments.resolveEnvironment(active);
  return resolved?.executable.uri?.fsPath;
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  const extension = extensions.getExtension<PythonExtension>(PYTHON_EXTENSION);
  try {
    return await extension?.activate();
  } catch {
    // It says itself what is wrong with it.
    return undefined;
  }
}
