/** The extension: what it registers, and when the server starts anew. */
import { readdirSync } from 'node:fs';
import {
  commands,
  type ExtensionContext,
  Hover,
  MarkdownString,
  type MarkedString,
  Uri,
  window,
  workspace,
} from 'vscode';
import { onInterpreterSelected } from './interpreter.ts';
import { pageOf } from './messages.ts';
import { Server } from './server.ts';
import { runTest, SHOW_TEST, showingTests, showTest, writeTest } from './tests.ts';

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel('backprobe', { log: true });
  const started = new Server(log, readme(context), {
    ...showingTests,
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      return hover && new Hover(hover.contents.map(pageIn), hover.range);
    },
  });
  server = started;
  context.subscriptions.push(
    log,
    started,
    commands.registerTextEditorCommand('backprobe.writeTest', async (editor) => {
      if (started.client === undefined) {
        // Says why it does not run, if it still does not.
        await started.restart();
      }
      await (started.client && writeTest(editor));
    }),
    commands.registerCommand('backprobe.runTest', () => runTest(window.activeTextEditor)),
    commands.registerCommand('backprobe.restart', () => started.restart()),
    commands.registerCommand('backprobe.showLog', () => log.show()),
    commands.registerCommand(SHOW_TEST, showTest),
    workspace.onDidChangeConfiguration((change) => {
      if (
        change.affectsConfiguration('backprobe.path') ||
        change.affectsConfiguration('python.defaultInterpreterPath')
      ) {
        void started.follow();
      }
    }),
  );
  await started.restart();
  const selected = await onInterpreterSelected(() => void started.follow());
  if (selected !== undefined) {
    context.subscriptions.push(selected);
  }
}

/** The page that says how to install; the package spells its name its own way. */
function readme({ extensionUri }: ExtensionContext): Uri {
  const names = readdirSync(extensionUri.fsPath);
  return Uri.joinPath(extensionUri, names.find((name) => /^readme\.md$/i.test(name)) ?? '');
}

function pageIn(content: MarkdownString | MarkedString): MarkdownString | MarkedString {
  return content instanceof MarkdownString ? new MarkdownString(pageOf(content.value)) : content;
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
