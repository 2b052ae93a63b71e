// Stands in for the Python extension, which no package registry has: the part of its interface that says what is selected.
const { EventEmitter, Uri, workspace } = require('vscode');

const selected = () => workspace.getConfiguration('selected').get('interpreter');

exports.activate = ({ subscriptions }) => {
  const changed = new EventEmitter();
  subscriptions.push(
    changed,
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('selected') && changed.fire({})),
  );
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ id: selected(), path: selected() }),
      resolveEnvironment: async ({ path }) => (path ? { executable: { uri: Uri.file(path) } } : undefined),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
