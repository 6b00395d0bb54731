import { expect, test } from 'vitest';
import { parseArguments } from '../../src/command-line.js';

test('options become those of startSandbox', () => {
  const line =
    '--port 4242 --webhook http://127.0.0.1:3000/w --deliver both --scenario stale,duplicate';
  expect(parseArguments([...line.split(' '), '--scenario', 'slow-body'])).toMatchObject({
    do: 'start',
    options: {
      port: 4242,
      webhookUrl: 'http://127.0.0.1:3000/w',
      deliver: 'both',
      scenarios: ['stale', 'duplicate', 'slow-body'],
    },
  });
});

test('--help asks for help', () => {
  expect(parseArguments(['--help'])).toEqual({ do: 'help' });
});

test.each([
  [['--port', 'x'], '--port must be a number, not "x"'],
  [['--port', '70000'], 'port must be a whole number from 0 to 65535, not 70000'],
  [['--deliver', 'v3'], '--deliver must be v1, v2 or both, not "v3"'],
  [['--scenario', 'nope'], 'there is no scenario "nope": choose from duplicate,'],
  [['--webhook', 'https://example.com'], 'is not this machine'],
  [['--nope'], "Unknown option '--nope'"],
])('%j is refused', (args, message) => {
  expect(() => parseArguments(args)).toThrow(message);
});
