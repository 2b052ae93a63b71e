/** Writes the tests that prove findings, shows them and runs them. */
import { dirname, posix, relative } from 'node:path';
import {
  CodeAction,
  commands,
  languages,
  ProcessExecution,
  Range,
  RelativePattern,
  Selection,
  Task,
  TaskPanelKind,
  TaskRevealKind,
  TaskScope,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  tasks,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { CodeActionMiddleware } from 'vscode-languageclient/node';
import { interpreterFor } from './interpreter.ts';
import { NO_TEST_TO_RUN, noTest, RUN_THE_TEST, SHOW_PROBLEMS, written, writtenAlready } from './messages.ts';
import { holdsTests, pytest, testsOf, toFillIn } from './pytest.ts';

/** Whose tasks and diagnostics ours are. */
const SOURCE = 'backprobe';

/** The kind of the actions that write the test of a finding. */
const TEST = 'quickfix.test';

/** The kind of the actions that write the tests of what trains. */
const TRAINING_TEST = 'refactor.test';

/** For so many findings of one line tests are prepared. */
const MOST_IN_A_LINE = 16;

/** What the editor does after it applied an action that writes a test. */
export const SHOW_TEST = 'backprobe.showTest';

/** Makes offers to write a test show the test afterwards; what they change may be known only when they are accepted. */
export const showingTests: CodeActionMiddleware = {
  provideCodeActions: async (document, range, context, token, next) => {
    const offers = (await next(document, range, context, token)) ?? [];
    return offers.map((offer) => (offer instanceof CodeAction ? showAfterwards(offer) : offer));
  },
  resolveCodeAction: async (offer, token, next) => showAfterwards((await next(offer, token)) ?? offer),
};

function showAfterwards(offer: CodeAction): CodeAction {
  const writesTest = offer.kind?.value === TEST || offer.kind?.value === TRAINING_TEST;
  const place = writesTest ? placeOf(offer) : undefined;
  if (place !== undefined) {
    offer.command = { command: SHOW_TEST, title: 'Show the test', arguments: place };
  }
  return offer;
}

/** Writes the test of the finding in the line of the cursor, or shows it if it is written. */
export async function writeTest({ document, selection }: TextEditor): Promise<void> {
  const line = document.lineAt(selection.active.line).range;
  const action = await chosen(await offers(document.uri, line));
  if (action === undefined) {
    return;
  }
  if (action === 'none') {
    await explain(document, line);
    return;
  }
  const place = placeOf(action);
  if (place !== undefined && action.edit !== undefined && (await workspace.applyEdit(action.edit))) {
    await showTest(...place);
  } else if (action.edit === undefined && action.command !== undefined) {
    // The server has it shown.
    const [shown] = action.command.arguments ?? [];
    await commands.executeCommand(action.command.command, shown);
    const test = Uri.parse(shown.uri, true);
    void offerToRun(test, writtenAlready(workspace.asRelativePath(test)));
  }
}

/** Shows a test that was written just now, at the first value that it wants to be filled in; saves it and offers to run it. */
export async function showTest(test: Uri, range: Range | undefined): Promise<void> {
  const document = await workspace.openTextDocument(test);
  await document.save();
  const start = range === undefined ? 0 : document.offsetAt(range.start);
  const open = toFillIn(document.getText(), start);
  const first = document.positionAt(open?.start ?? start);
  const last = document.positionAt(open?.end ?? start);
  const editor = await window.showTextDocument(document, { preview: false });
  // The cursor stands in front: behind a long text it would scroll the code out of sight.
  editor.selection = new Selection(last, first);
  editor.revealRange(new Range(first, first), TextEditorRevealType.InCenterIfOutsideViewport);
  void offerToRun(test, written(workspace.asRelativePath(test), open !== undefined));
}

/** Runs the test that is open, or the one that was written for the file that is open. */
export async function runTest(editor: TextEditor | undefined): Promise<void> {
  const open = editor?.document.uri;
  const test = open === undefined || holdsTests(open.fsPath) ? open : await testOf(open);
  if (test === undefined) {
    await window.showInformationMessage(NO_TEST_TO_RUN);
    return;
  }
  await run(test);
}

async function offerToRun(test: Uri, message: string): Promise<void> {
  if ((await window.showInformationMessage(message, RUN_THE_TEST)) === RUN_THE_TEST) {
    await run(test);
  }
}

async function run(test: Uri): Promise<void> {
  // What pytest reads is on disk.
  await workspace.saveAll(false);
  const folder = workspace.getWorkspaceFolder(test);
  const cwd = folder?.uri.fsPath ?? dirname(test.fsPath);
  const interpreter = await interpreterFor(test);
  const { program, args } = pytest(interpreter?.path, relative(cwd, test.fsPath), process.platform);
  const execution = new ProcessExecution(program, [...args], { cwd });
  const definition = { type: 'process' };
  const task = new Task(definition, folder ?? TaskScope.Workspace, 'pytest', SOURCE, execution, []);
  task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated, clear: true };
  await endRuns();
  await tasks.executeTask(task);
}

/** Ends what still runs: VS Code would ask which of two equal tasks to end. */
async function endRuns(): Promise<void> {
  for (const run of tasks.taskExecutions.filter(({ task }) => task.source === SOURCE)) {
    const ended = new Promise<void>((resolve) => {
      const listener = tasks.onDidEndTask(({ execution }) => {
        if (execution === run) {
          listener.dispose();
          resolve();
        }
      });
    });
    run.terminate();
    await ended;
  }
}

async function offers(source: Uri, range: Range): Promise<CodeAction[]> {
  const command = 'vscode.executeCodeActionProvider';
  return commands.executeCommand<CodeAction[]>(command, source, range, TEST, MOST_IN_A_LINE);
}

/** The offer that the user means; `none` if there is none, nothing if the user does not want any. */
async function chosen(offers: CodeAction[]): Promise<CodeAction | 'none' | undefined> {
  const [first, ...others] = offers;
  if (first === undefined || others.length === 0) {
    return first ?? 'none';
  }
  const items = offers.map((offer) => ({
    label: offer.diagnostics?.[0]?.message.split('\n')[0] ?? offer.title,
    offer,
  }));
  const item = await window.showQuickPick(items, { placeHolder: 'Which finding shall the test prove?' });
  return item?.offer;
}

/** Says why there is no test to write for this line. */
async function explain(document: TextDocument, line: Range): Promise<void> {
  const shown = languages.getDiagnostics(document.uri).filter(({ source }) => source === SOURCE);
  const here = shown.filter(({ range }) => range.intersection(line) !== undefined);
  if ((await window.showInformationMessage(noTest(here.length), SHOW_PROBLEMS)) === SHOW_PROBLEMS) {
    await commands.executeCommand('workbench.actions.view.problems');
  }
}

/** The file with the tests that were written for a source file. */
async function testOf(source: Uri): Promise<Uri | undefined> {
  const folder = workspace.getWorkspaceFolder(source);
  if (folder === undefined) {
    return undefined;
  }
  const files = await workspace.findFiles(new RelativePattern(folder, '**/test_*_training.py'));
  const path = ({ path }: Uri) => posix.relative(folder.uri.path, path);
  const test = testsOf(path(source), files.map(path));
  return files.find((file) => path(file) === test);
}

/** The file that an action changes, and where. */
function placeOf(action: CodeAction): [Uri, Range | undefined] | undefined {
  const [file] = action.edit?.entries() ?? [];
  return file && [file[0], file[1][0]?.range];
}
