import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { messageOf, startProgram } from './support/child.js';
import { delivery } from './support/deliveries.js';
import { drivers } from './support/handles.js';
import { freshFile, openStore } from './support/files.js';

interface Report {
  readonly recorded: number;
  readonly duplicates: number;
  readonly completed: readonly string[];
}

const start = (...args: readonly string[]) => startProgram('busy-process.mjs', ...args);

async function reportOf(child: ChildProcess): Promise<Report> {
  return (await messageOf(child)) as Report;
}

test.each(drivers)(
  'three processes record, take and complete at once, and each delivery is done once: %s',
  async (driver) => {
    const file = freshFile();
    const children = [1, 2, 3].map(() => start('work', file, driver, '300'));
    const reports = await Promise.all(children.map(reportOf));
    const sum = (count: (report: Report) => number) =>
      reports.reduce((total, report) => total + count(report), 0);
    expect(sum(({ recorded }) => recorded)).toBe(300);
    expect(sum(({ duplicates }) => duplicates)).toBe(600);
    const completed = reports.flatMap((report) => report.completed);
    expect(completed).toHaveLength(300);
    expect(new Set(completed).size).toBe(300);
    const store = openStore(file, { driver });
    expect(await store.stats()).toEqual({
      due: 0,
      running: 0,
      done: 300,
      dead: 0,
      unhandled: 0,
      oldestDueAgeMs: 0,
    });
  },
);

test.each(drivers)(
  'ten processes make the same new file at once, and each can write: %s',
  async (driver) => {
    const file = freshFile();
    const children = Array.from({ length: 10 }, (_, index) =>
      start('record', file, driver, String(index)),
    );
    const reports = await Promise.all(children.map(reportOf));
    expect(reports.map(({ recorded }) => recorded)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(await openStore(file, { driver }).stats()).toMatchObject({ due: 10 });
  },
);

test.each(drivers)(
  'a writer killed inside its transaction leaves neither a lock nor half of its work: %s',
  async (driver) => {
    const file = freshFile();
    const store = openStore(file, { driver });
    await store.init?.();
    const child = start('hold', file, driver);
    await messageOf(child);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await store.stats()).toMatchObject({ due: 0, dead: 0 });
    expect(await openStore(file, { driver }).stats()).toMatchObject({ due: 0, dead: 0 });
    expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
  },
);

test.each(drivers)(
  'what was answered as recorded is there after its process was killed: %s',
  async (driver) => {
    const file = freshFile();
    const child = start('answer', file, driver);
    const answered = new Set<string>();
    child.on('message', (key: string) => {
      answered.add(key);
      if (answered.size === 200) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    const store = openStore(file, { driver });
    const kept = await Promise.all([...answered].map(async (key) => store.get(key)));
    expect(kept.length).toBeGreaterThanOrEqual(200);
    expect(kept).not.toContain(undefined);
  },
);
