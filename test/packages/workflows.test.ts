import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../vitest.config.js';
import { filesUnder, root } from './tree.js';

const workflows = filesUnder('.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The indented lines below a key of the top level. */
function section(text: string, key: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`${key}:`);
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => /^\S/.test(line));
  return start === -1 ? [] : after.slice(0, end === -1 ? after.length : end);
}

const jobsOf = (text: string): readonly string[] =>
  section(text, 'jobs').flatMap((line) => /^ {2}(\w+):$/.exec(line)?.[1] ?? []);

it('there are two workflows', () => {
  expect(workflows.map(({ path }) => path)).toEqual([
    '.github/workflows/ci.yml',
    '.github/workflows/release.yml',
  ]);
});

describe.each(workflows)('$path', ({ text }) => {
  it('uses every action by its commit, with the version beside it', () => {
    const used = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('may read unless a job says more', () => {
    expect(section(text, 'permissions').filter((line) => line !== '')).toEqual([
      '  contents: read',
    ]);
    const granted = text.split('\n').filter((line) => /^\s+[\w-]+: write\b/.test(line));
    expect(granted.map((line) => line.trim().split(':')[0])).toEqual(
      text.includes('environment: release') ? ['contents', 'id-token'] : [],
    );
  });

  it('gives every job a time limit, and runs scripts that there are', () => {
    const limits = text.split('\n').filter((line) => line.includes('timeout-minutes:'));
    expect(limits).toHaveLength(jobsOf(text).length);
    const run = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

it('the gate waits for every other job', () => {
  const text = workflows[0]?.text ?? '';
  const [, waited = ''] = /needs: \[([^\]]+)\]/.exec(text) ?? [];
  expect([...waited.split(', '), 'gate']).toEqual(jobsOf(text));
});

it('every project of tests is run', () => {
  const text = workflows[0]?.text ?? '';
  const named = /^ +- ([\w-]+)(?= |$)|(?:test:package --|--project) ([\w.-]+)/gm;
  const run = [...text.matchAll(named)].map(([, room, project]) => room ?? project);
  const projects = config.test?.projects?.map((one) =>
    typeof one === 'object' && 'test' in one ? one.test?.name : one,
  );
  expect(projects?.filter((name) => !run.some((one) => one === name))).toEqual([]);
});
