/** Starts and stops the language server, and shows which one runs. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import {
  commands,
  type Disposable,
  env,
  LanguageStatusSeverity,
  type LogOutputChannel,
  languages,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { LanguageClient, type Middleware, type StaticFeature } from 'vscode-languageclient/node';
import { interpreterFor, workspaceFolders } from './interpreter.ts';
import { HOW_TO_INSTALL, lookedAt, notFound, OPEN_SETTINGS } from './messages.ts';
import { findProgram, type Search } from './program.ts';

const PYTHON = [
  { scheme: 'file', language: 'python' },
  { scheme: 'untitled', language: 'python' },
];

/** Whoever chose a fix has confirmed it: VS Code would ask again in a panel of its own, with nothing ticked. */
const APPLIES_AT_ONCE: StaticFeature = {
  fillClientCapabilities: ({ textDocument }) => {
    if (textDocument?.codeAction !== undefined) {
      textDocument.codeAction.honorsChangeAnnotations = false;
    }
  },
  initialize: () => {},
  getState: () => ({ kind: 'static' }),
  clear: () => {},
};

/** The server of a window. */
export class Server implements Disposable {
  readonly #log: LogOutputChannel;
  readonly #readme: Uri;
  readonly #middleware: Middleware;
  readonly #status = languages.createLanguageStatusItem('backprobe', PYTHON);
  #client: LanguageClient | undefined;
  #program: string | undefined;
  /** What is under way: starting and stopping never overlap. */
  #turn: Promise<void> = Promise.resolve();

  /** `readme` says how the program is installed. */
  constructor(log: LogOutputChannel, readme: Uri, middleware: Middleware) {
    this.#log = log;
    this.#readme = readme;
    this.#middleware = middleware;
    this.#status.name = 'backprobe';
    this.#status.command = { command: 'backprobe.showLog', title: 'Show log' };
  }

  /** The client, while a server runs. */
  get client(): LanguageClient | undefined {
    return this.#client?.isRunning() === true ? this.#client : undefined;
  }

  /** Starts the program that is found now, in place of the one that runs. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start(await search());
    });
  }

  /** Starts another program if another one is found now. */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      const found = await search();
      if (this.#program === undefined || found.kind !== 'found' || found.program !== this.#program) {
        await this.#stop();
        await this.#start(found);
      }
    });
  }

  /** Stops the server. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  dispose(): void {
    this.#status.dispose();
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(action).catch((error: unknown) => {
      this.#log.error(String(error));
    });
    return this.#turn;
  }

  async #start(found: Search): Promise<void> {
    if (found.kind !== 'found') {
      this.#show(notFound(found), LanguageStatusSeverity.Error);
      for (const line of [notFound(found), ...lookedAt(found)]) {
        this.#log.warn(line);
      }
      void this.#offerHelp(notFound(found));
      return;
    }
    this.#log.info(`${found.program}, from ${found.where}`);
    this.#program = found.program;
    const run = { command: found.program, args: ['server'] };
    const options = { documentSelector: PYTHON, outputChannel: this.#log, middleware: this.#middleware };
    const client = new LanguageClient('backprobe', 'backprobe', { run, debug: run }, options);
    client.registerFeature(APPLIES_AT_ONCE);
    this.#client = client;
    try {
      await client.start();
      this.#show(`backprobe ${client.initializeResult?.serverInfo?.version ?? ''}`, LanguageStatusSeverity.Information);
      this.#status.detail = found.program;
    } catch (error) {
      // The client has shown why.
      this.#log.error(`${found.program} did not start: ${String(error)}`);
      this.#show('backprobe did not start', LanguageStatusSeverity.Error);
      this.#client = undefined;
      this.#program = undefined;
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#program = undefined;
    if (client?.needsStop() === true) {
      await client.dispose();
    }
  }

  #show(text: string, severity: LanguageStatusSeverity): void {
    this.#status.text = text;
    this.#status.detail = '';
    this.#status.severity = severity;
  }

  async #offerHelp(message: string): Promise<void> {
    const chosen = await window.showErrorMessage(message, OPEN_SETTINGS, HOW_TO_INSTALL);
    if (chosen === OPEN_SETTINGS) {
      // Where a program lies on another machine is a setting of that machine.
      const settings = env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings';
      await commands.executeCommand(`workbench.action.${settings}`, { query: 'backprobe.path' });
    } else if (chosen === HOW_TO_INSTALL) {
      await commands.executeCommand('markdown.showPreview', this.#readme);
    }
  }
}

async function search(): Promise<Search> {
  const around = {
    platform: process.platform,
    home: homedir(),
    path: process.env.PATH ?? '',
    folders: workspaceFolders(),
    setting: workspace.getConfiguration('backprobe').get<string>('path', ''),
    interpreter: await interpreterFor(undefined),
  };
  return findProgram(around, isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
