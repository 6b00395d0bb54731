#!/usr/bin/env node
// Writes docs/reference/events.md from the types of the events: `node scripts/write-reference.mjs`. A test holds the
// page to what this would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = join(root, 'packages', 'core', 'src', 'event');
const FILES = ['data', 'payment-data', 'subscription-data'];

export const EVENTS_PAGE = join(root, 'docs', 'reference', 'events.md');

const INTERFACE =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:export )?interface (\w+)(?: extends ([\w, ]+))? \{\n([\s\S]*?)\n\}\n/g;
const ALIAS = /export type (\w+) = Open<([^>]*)>;/g;
const FIELD = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}readonly (\w+)(\??): ([^;]*(?:\n {4}[^;]*)*);/g;

/** Every interface of the events' data, by name. */
function interfaces() {
  const text = FILES.map((file) => readFileSync(join(FOLDER, `${file}.ts`), 'utf8')).join('\n');
  const found = [...text.matchAll(INTERFACE)].map(([, comment, name, parents, body]) => ({
    name,
    about: sentence(comment),
    parents: (parents ?? '')
      .split(', ')
      .filter((parent) => parent !== '' && parent !== 'Extensible'),
    fields: [...body.matchAll(FIELD)].map(([, about, field, optional, type]) => ({
      field,
      about: sentence(about),
      type: typeName(type),
      isOptional: optional === '?',
    })),
  }));
  return new Map(found.map((one) => [one.name, one]));
}

/** The enums by name, as their words. */
function enums() {
  const text = [...FILES]
    .map((file) => readFileSync(join(FOLDER, `${file}.ts`), 'utf8'))
    .join('\n');
  const found = [...text.matchAll(ALIAS)].map(([, name, words]) => [name, typeName(words)]);
  return new Map(found.filter(([name]) => name !== 'TransactionType'));
}

function sentence(comment = '') {
  return comment
    .replace(/^\s*\*? ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** As people write it: every optional field may also be null. */
function typeName(type) {
  const text = type.replace(/\s+/g, ' ').trim();
  const maybe = /^Maybe<(.*)>$/.exec(text)?.[1]?.trim() ?? text;
  return maybe
    .replace(/ \| undefined$/, '')
    .replace(/^Open<\s*(.*?)\s*>$/, '$1')
    .replace(/readonly (\w+)\[\]/, '$1[]')
    .replace(/^\| /, '');
}

/** The fields of an interface, those it inherits first. */
function fieldsOf(all, name) {
  const { parents, fields } = all.get(name);
  const own = new Set(fields.map(({ field }) => field));
  const inherited = parents.flatMap((parent) => fieldsOf(all, parent));
  return [...inherited.filter(({ field }) => !own.has(field)), ...fields];
}

/** Which data each event type carries, as `EventData` says. */
function eventTypes() {
  const text = readFileSync(join(FOLDER, 'types.ts'), 'utf8');
  const parts = { DataOfBoth: 'v1 and v2', DataOfV2: 'v2', DataOfV1: 'v1' };
  return Object.entries(parts).flatMap(([part, sentBy]) => {
    const [, body] = new RegExp(`interface ${part} \\{\\n([\\s\\S]*?)\\n\\}`).exec(text);
    return [...body.matchAll(/'([\w.]+)': (\w+);/g)].map(([, type, data]) => ({
      type,
      data,
      sentBy,
    }));
  });
}

const ENUMS = enums();

const anchor = (name) => name.toLowerCase().replaceAll('.', '');

function linked(all, type) {
  const name = type.replace(/\[\]$/, '');
  const words = ENUMS.get(type);
  if (words !== undefined) return linked(all, words);
  if (all.has(name)) return `[${type}](#${anchor(name)})`;
  return `\`${type.replaceAll('|', '\\|')}\``;
}

function table(all, name) {
  const rows = fieldsOf(all, name).map(
    ({ field, type, about, isOptional }) =>
      `| \`${field}\`${isOptional ? '' : ' (always)'} | ${linked(all, type)} | ${about.replaceAll('|', '\\|')} |`,
  );
  return ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

const INTRODUCTION = `# Events

What \`event.data\` holds, by type. Written by \`node scripts/write-reference.mjs\` from the types themselves.

Names are v2's for both API generations. Servers leave out zero values, so every field but those marked *always* may be
absent or \`null\` (\`reference\` is a string or absent); fields newer than the kit are kept on the object. Amounts in min units are decimal strings, as sent:
never make numbers of them. Times are RFC 3339 text.

An event comes by its webhook, or from a look at what the API says (a return page, a watcher, \`recheck()\`), whichever
was first. "Webhook only" marks what no look tells, "look only" what v1's webhook does not say, "v2 only" what v1 says in
neither way.
`;

/** The whole page. */
export function eventsPage() {
  const all = interfaces();
  const types = eventTypes();
  const carried = new Set(types.map(({ data }) => data));
  const index = types
    .map(
      ({ type, data, sentBy }) =>
        `| [\`${type}\`](#${anchor(type)}) | ${sentBy} | ${all.get(data).about} |`,
    )
    .join('\n');
  const sections = types.map(
    ({ type, data, sentBy }) =>
      `## ${type}\n\n${all.get(data).about} Sent by ${sentBy}.\n\n${table(all, data)}`,
  );
  const parts = [...all.values()]
    .filter(({ name, fields }) => !carried.has(name) && name !== 'Settled' && fields.length > 0)
    .map(({ name, about }) => `## ${name}\n\n${about}\n\n${table(all, name)}`);
  return (
    [
      INTRODUCTION,
      `| type | sent by | |\n| --- | --- | --- |\n${index}`,
      '',
      ...sections,
      ...parts,
      '',
    ]
      .join('\n\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd() + '\n'
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(EVENTS_PAGE, eventsPage());
