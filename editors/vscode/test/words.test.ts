import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookedAt, noTest, notFound, pageOf, written } from '../src/messages.ts';
import { holdsTests, pytest, testsOf, toFillIn } from '../src/pytest.ts';

test('whoever has no program is told what to change', () => {
  const wrong = { kind: 'wrong-setting', program: '/opt/backprobe' } as const;
  assert.match(notFound(wrong), /backprobe\.path names \/opt\/backprobe/);
  assert.deepEqual(lookedAt(wrong), []);
  const missing = { kind: 'missing', looked: ['/a/backprobe', '/b/backprobe'] } as const;
  assert.match(notFound(missing), /not installed/);
  assert.deepEqual(lookedAt(missing), ['there is no /a/backprobe', 'there is no /b/backprobe']);
});

test('a line without findings is told from a finding without a test', () => {
  assert.notEqual(noTest(0), noTest(1));
  assert.equal(noTest(1), noTest(2));
});

test('pytest runs with the interpreter that is known', () => {
  const args = ['-m', 'pytest', 'tests/test_net.py'];
  assert.deepEqual(pytest('/env/bin/python', 'tests/test_net.py', 'linux'), { program: '/env/bin/python', args });
  assert.equal(pytest(undefined, 'tests/test_net.py', 'linux').program, 'python3');
  assert.equal(pytest(undefined, 'tests/test_net.py', 'win32').program, 'python');
});

test('files with tests are those that pytest takes for such', () => {
  for (const file of ['/net/tests/test_net.py', 'net_test.py']) {
    assert.ok(holdsTests(file), file);
  }
  for (const file of ['/test_net/net.py', 'test_net.txt', 'contest_net.py', 'latest.py']) {
    assert.ok(!holdsTests(file), file);
  }
});

test('the tests of a file are named after its module, wherever modules begin', () => {
  const files = ['tests/test_layers_training.py', 'tests/test_net_layers_training.py', 'tests/test_net_training.py'];
  assert.equal(testsOf('src/net/layers.py', files), files[1]);
  assert.equal(testsOf('other/layers.py', files), files[0]);
  assert.equal(testsOf('net/__init__.py', files), files[2]);
  assert.equal(testsOf('my_layers.py', files), undefined);
  assert.equal(testsOf('layers.py', []), undefined);
});

test('a test says what it wants to be filled in', () => {
  const text =
    'backprobe.fill_in("old")\nmodel = Net(backprobe.fill_in("`size` of Net"), 3)\nx = backprobe.fill_in(\'y\')\n';
  const { start, end } = toFillIn(text, 5) ?? { start: 0, end: 0 };
  assert.equal(text.slice(start, end), 'backprobe.fill_in("`size` of Net")');
  assert.equal(toFillIn('def test_it():\n', 0), undefined);
  assert.match(written('tests/test_net.py', true), /fill_in/);
  assert.equal(written('tests/test_net.py', false), 'backprobe wrote tests/test_net.py.');
});

test('a hover keeps what the message of the finding does not say', () => {
  assert.equal(pageOf('**rule**: message\n\nwhy\n\n---\n\n# rule\n\n---\n\nmore'), '# rule\n\n---\n\nmore');
  assert.equal(pageOf('**rule**: message'), '**rule**: message');
});
