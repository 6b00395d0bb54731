import { checkNote, MOST_NOTES, type GivenNote, type StoreNote } from '@qbitflow/core/store';
import { arrayOf, numberOf, textOf } from './codec.js';
import { STORE } from './errors.js';
import type { Run } from './run.js';
import { script } from './schema.js';

const NOTES = `
local NAMES, ENDS = index .. 'notes', index .. 'note-ends'

local function note_key(name)
  return index .. 'note:' .. name
end

local function forget_name(name)
  redis.call('ZREM', NAMES, name)
  redis.call('ZREM', ENDS, name)
end
`;

// ARGV: name, text, for how long (ms).
const PUT = script(
  NOTES,
  `
local MOST_FORGOTTEN = 100
local name, text, keep_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local at = clock()
expect_sorted_sets({ NAMES, ENDS })
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', ENDS, '-inf', at, 'LIMIT', 0, MOST_FORGOTTEN)) do forget_name(ended) end
if keep_ms == 0 then
  forget_name(name)
  return redis.call('DEL', note_key(name))
end
redis.call('SET', note_key(name), string.format('%.0f\\n', at) .. text, 'PX', ARGV[3])
redis.call('ZADD', NAMES, 0, name)
redis.call('ZADD', ENDS, at + keep_ms, name)
return 1
`,
);

// ARGV: prefix, after which name ('' for the first page). Answers with the last name it looked at, '' at the end. The names
// of notes that are gone stay until the next one is put: reading never writes.
const READ = script(
  NOTES,
  `
local MOST_NAMES, MOST_BYTES = 200, 500000
local prefix, after = ARGV[1], ARGV[2]
local from = after == '' and '[' .. prefix or '(' .. after
local names = redis.call('ZRANGEBYLEX', NAMES, from, '[' .. prefix .. '\\255', 'LIMIT', 0, MOST_NAMES)
local rows, bytes = {}, 0
for i, name in ipairs(names) do
  local note = redis.call('GET', note_key(name))
  if note then
    rows[#rows + 1] = { name, note }
    bytes = bytes + #note
  end
  if bytes > MOST_BYTES and i < #names then return { name, rows } end
end
return { #names == MOST_NAMES and names[#names] or '', rows }
`,
);

const PREFIX = /^[ -~]{0,200}$/;

/** Keeps a text under a name for `keepMs`. Throws `misconfigured` for a name, a text or a time that cannot be. */
export async function putNote(run: Run, note: GivenNote): Promise<void> {
  const keepMs = checkNote(STORE, note);
  await run(PUT, [note.name, note.text, String(keepMs)]);
}

/** The notes whose names begin with `prefix`, by name, 10,000 at most, in short scripts. */
export async function notes(run: Run, prefix: string): Promise<readonly StoreNote[]> {
  // No note has such a name.
  if (!PREFIX.test(prefix)) return [];
  const found: StoreNote[] = [];
  let after = '';
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page starts where the one before ended
    const [last, rows] = arrayOf(await run(READ, [prefix, after]));
    found.push(...arrayOf(rows).map(readNote));
    after = textOf(last);
  } while (after !== '' && found.length < MOST_NOTES);
  return found.slice(0, MOST_NOTES);
}

function readNote(reply: unknown): StoreNote {
  const [name, note] = arrayOf(reply).map(textOf);
  const [at = '', ...lines] = (note ?? '').split('\n');
  return { name: name ?? '', at: numberOf(at), text: lines.join('\n') };
}
