import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expanded, findProgram, type Surroundings, usualInterpreters } from '../src/program.ts';

const AROUND: Surroundings = {
  platform: 'linux',
  home: '/home/ada',
  path: '/usr/bin:bin::/bin',
  folders: ['/code/net', '/code/data'],
  setting: '',
  interpreter: { path: '/envs/torch/bin/python', chosenBy: 'the interpreter that is selected' },
};
const SELECTED = '/envs/torch/bin/backprobe';

/** What is found if these programs exist. */
function find(around: Partial<Surroundings>, ...programs: string[]) {
  return findProgram({ ...AROUND, ...around }, (path) => programs.includes(path));
}

test('the selected environment comes before the PATH', () => {
  const where = 'the environment of the interpreter that is selected';
  assert.deepEqual(find({}, SELECTED, '/usr/bin/backprobe'), { kind: 'found', program: SELECTED, where });
  assert.deepEqual(find({}, '/bin/backprobe'), { kind: 'found', program: '/bin/backprobe', where: 'the PATH' });
});

test('the setting comes first, wherever the program is', () => {
  const where = 'the setting backprobe.path';
  const found = { kind: 'found', program: '/opt/backprobe', where };
  assert.deepEqual(find({ setting: ' /opt/backprobe ' }, '/opt/backprobe', SELECTED), found);
  const inFolder = { kind: 'found', program: '/code/data/tools/backprobe', where };
  assert.deepEqual(find({ setting: 'tools/backprobe' }, '/code/data/tools/backprobe', SELECTED), inFolder);
});

test('a setting may name a program on the PATH', () => {
  const found = { kind: 'found', program: '/usr/bin/backprobe-2', where: 'the PATH' };
  assert.deepEqual(find({ setting: 'backprobe-2' }, '/usr/bin/backprobe-2'), found);
});

test('a setting that is wrong is not passed over', () => {
  const program = '/opt/backprobe';
  assert.deepEqual(find({ setting: program }, SELECTED, '/usr/bin/backprobe'), { kind: 'wrong-setting', program });
  assert.deepEqual(find({ setting: 'no-such' }, SELECTED), { kind: 'wrong-setting', program: 'no-such' });
});

test('what is missing was looked for everywhere, and nowhere relative to where the editor was started', () => {
  const looked = [SELECTED, '/usr/bin/backprobe', '/bin/backprobe'];
  assert.deepEqual(find({}), { kind: 'missing', looked });
  assert.deepEqual(find({ interpreter: undefined }), { kind: 'missing', looked: looked.slice(1) });
});

test('Windows has other paths, and environments of two shapes', () => {
  const windows: Partial<Surroundings> = { platform: 'win32', path: 'C:\\Windows;C:\\bin', folders: ['C:\\net'] };
  const interpreter = { path: 'C:\\conda\\python.exe', chosenBy: 'x' };
  const looked = ['C:\\conda\\backprobe.exe', 'C:\\conda\\Scripts\\backprobe.exe'];
  const onPath = ['C:\\Windows\\backprobe.exe', 'C:\\bin\\backprobe.exe'];
  assert.deepEqual(find({ ...windows, interpreter }), { kind: 'missing', looked: [...looked, ...onPath] });
  assert.deepEqual(usualInterpreters('win32', ['C:\\net'])[0], 'C:\\net\\.venv\\Scripts\\python.exe');
});

test('the usual environments are those of each folder in turn', () => {
  const usual = ['/a/.venv/bin/python', '/a/venv/bin/python', '/b/.venv/bin/python', '/b/venv/bin/python'];
  assert.deepEqual(usualInterpreters('darwin', ['/a', '/b']), usual);
});

test('settings may speak of the home and of the folder', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what users write in settings
  assert.equal(expanded('${workspaceFolder}/.venv/bin/python', AROUND), '/code/net/.venv/bin/python');
  assert.equal(expanded('~/bin/backprobe', AROUND), '/home/ada/bin/backprobe');
  assert.equal(expanded('~', AROUND), '/home/ada');
  assert.equal(expanded('/a~/b', AROUND), '/a~/b');
  assert.equal(expanded('~ada/b', AROUND), '~ada/b');
});
