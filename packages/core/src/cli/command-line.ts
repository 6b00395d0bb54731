import { parseArgs } from 'node:util';
import { asError } from '../errors.js';
import { closestName } from '../known-options.js';

const OPTIONS = {
  store: { type: 'string' },
  url: { type: 'string' },
  'env-file': { type: 'string' },
  state: { type: 'string' },
  type: { type: 'string' },
  unhandled: { type: 'boolean' },
  subject: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  reference: { type: 'string' },
  error: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

type OptionName = keyof typeof OPTIONS;
/** The options of a call, by name. */
export type CommandOptions = ReturnType<typeof parseStrictly>['values'];

const FILTER: readonly OptionName[] = [
  'state',
  'type',
  'subject',
  'reference',
  'error',
  'since',
  'until',
  'unhandled',
];

/** One thing that the command line can do, as it is called. */
interface CommandShape {
  readonly name: string;
  /** The lines of its usage, without the indentation. */
  readonly usage: readonly string[];
  /** What must or may follow its name. */
  readonly operand?: string;
  readonly isOperandOptional?: boolean;
  /** Beside those that every command takes. */
  readonly options: readonly OptionName[];
  readonly needs?: { readonly option: OptionName; readonly example: string };
}

/** What every command takes. */
const COMMON: readonly OptionName[] = ['store', 'env-file', 'json', 'help', 'version'];

const COMMANDS: readonly CommandShape[] = [
  {
    name: 'doctor',
    usage: [
      'qbitflow doctor [--url <webhook url>] [--store <store>]',
      '                                                     why nothing arrives: looks at the whole set-up',
    ],
    options: ['url'],
  },
  {
    name: 'deliveries list',
    usage: ['qbitflow deliveries list [filter] [--limit <n>] [--cursor <cursor>] --store <store>'],
    options: [...FILTER, 'limit', 'cursor'],
  },
  {
    name: 'deliveries show',
    usage: [
      'qbitflow deliveries show <key> --store <store>       one delivery: its timeline, attempts, body',
    ],
    operand: 'key',
    options: [],
  },
  {
    name: 'deliveries replay',
    usage: [
      'qbitflow deliveries replay <key> --store <store>     make a dead or done delivery due again',
      'qbitflow deliveries replay --state dead|done [filter] --yes --store <store>',
      '                                                     all that match; without --yes it says how many',
      'qbitflow deliveries replay --unhandled --type <type> --store <store>',
      '                                                     all of a type that were done without a handler',
    ],
    operand: 'key',
    isOperandOptional: true,
    options: [...FILTER, 'limit', 'cursor', 'yes'],
  },
  {
    name: 'deliveries discard',
    usage: [
      'qbitflow deliveries discard <key> --store <store>    forget a dead letter for good',
      'qbitflow deliveries discard --state dead [filter] --yes --store <store>',
    ],
    operand: 'key',
    isOperandOptional: true,
    options: [...FILTER, 'limit', 'cursor', 'yes'],
  },
  {
    name: 'deliveries stats',
    usage: ['qbitflow deliveries stats --store <store>            how many are in each state'],
    options: [],
  },
  {
    name: 'recover',
    usage: [
      "qbitflow recover --since <time> --store <store>      fetch back from v2's event log what webhooks missed",
    ],
    options: ['since'],
    needs: { option: 'since', example: '2026-10-01T12:00:00Z, or 36h' },
  },
  {
    name: 'recheck',
    usage: [
      'qbitflow recheck <uuid> [--type <type>] --store <store>',
      '                                                     ask about one transaction (v1 has no event log)',
    ],
    operand: 'uuid',
    options: ['type'],
  },
];

/** What options mean, by which of them a command takes. */
const EXPLANATIONS: readonly (readonly [OptionName, string])[] = [
  [
    'subject',
    `filter    --state due|running|done|dead, --type <type>, --subject <id>, --reference <your own>,
            --error <part of the reason>, --since <time>, --until <time> (when it was recorded),
            --unhandled (done without a handler)`,
  ],
  [
    'url',
    `--url     where QBitFlow sends webhooks, e.g. https://shop.example/qbitflow/webhook;
            default: QBITFLOW_WEBHOOK_URL`,
  ],
  [
    'store',
    `--store   sqlite:<file>, redis://…, postgres://…, or a file of yours that exports \`store\`;
            default: QBITFLOW_STORE`,
  ],
  ['since', '<time>    RFC 3339, or a number of hours back such as 36h'],
  [
    'env-file',
    `--env-file <file>  where variables are that are not set, e.g. .env
  recover, recheck and doctor take QBITFLOW_API_KEY and QBITFLOW_BASE_URL, doctor QBITFLOW_WEBHOOK_SECRET too;
  what recover and recheck record is handled by whichever process runs your handlers on that store`,
  ],
  [
    'json',
    `--json    one JSON value a line, for programs; an empty list is no line, and the last line of a page
            that is not the last is {"nextCursor":"…"}`,
  ],
];

const INTRODUCTION =
  'qbitflow: find out why nothing arrives, look after the deliveries in a store, and fetch back what was missed';
const CODES = '  Exit code: 0 done, 1 not done, 2 a wrong call; why is said on stderr';

/** What `--help` prints of some commands. */
function helpOf(shapes: readonly CommandShape[]): string {
  const options = new Set([...COMMON, ...shapes.flatMap((shape) => shape.options)]);
  const explained = EXPLANATIONS.filter(([option]) => options.has(option));
  const isAll = shapes.length === COMMANDS.length;
  const more =
    '  qbitflow <command> --help                            one command\n  qbitflow --version';
  return [
    ...(isAll ? [`${INTRODUCTION}\n`] : []),
    ...shapes.flatMap(({ usage }) => usage.map((line) => `  ${line}`)),
    ...(isAll ? [more] : []),
    '',
    ...explained.map(([, text]) => `  ${text}`),
    '',
    CODES,
  ].join('\n');
}

/** What a command line asks for; `problem` says in one line what is wrong with it. */
export type CommandCall =
  | { readonly do: 'version' }
  | { readonly do: 'help'; readonly text: string }
  /** Nothing was asked for. */
  | { readonly do: 'explain'; readonly text: string }
  | { readonly do: 'refuse'; readonly problem: string }
  | {
      readonly do: 'run';
      /** As in {@link COMMANDS}. */
      readonly name: string;
      /** Empty where there is none. */
      readonly operand: string;
      readonly options: CommandOptions;
    };

/** Understands the arguments of a call. */
export function parseCommandLine(args: readonly string[]): CommandCall {
  const flag = args.findIndex((word) => word.startsWith('-'));
  const called = calledAs(flag === -1 ? args : args.slice(0, flag));
  try {
    return understand(parseStrictly(args));
  } catch (error) {
    return refuse(called, explainParse(asError(error)));
  }
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

/** What to name where only the words before the first option are known. */
function calledAs(words: readonly string[]): string {
  const [shape, another] = shapesFor(words);
  if (shape === undefined || words.length === 0) return 'qbitflow';
  return another === undefined ? `qbitflow ${shape.name}` : `qbitflow ${words[0]}`;
}

/** Node's reason without its advice, and the option that was probably meant. */
function explainParse(error: Error): string {
  const [reason = ''] = error.message.split(/\. |\n/);
  const unknown = /^Unknown option '(-+[^']*)'/.exec(reason)?.[1];
  const meant = unknown === undefined ? undefined : closestName(unknown, Object.keys(OPTIONS));
  return meant === undefined ? reason : `${reason}, did you mean --${meant}?`;
}

/** The commands that begin with some words: all for none. */
function shapesFor(words: readonly string[]): readonly CommandShape[] {
  const [topic, action] = words;
  const ofTopic = COMMANDS.filter(
    ({ name }) => topic === undefined || name.split(' ')[0] === topic,
  );
  const exact = ofTopic.filter(({ name }) => name === `${topic} ${action}`);
  return exact.length > 0 ? exact : ofTopic;
}

function understand({ values, positionals }: ReturnType<typeof parseStrictly>): CommandCall {
  if (values.version) return { do: 'version' };
  const shapes = shapesFor(positionals);
  if (values.help) return { do: 'help', text: helpOf(shapes.length === 0 ? COMMANDS : shapes) };
  const [topic, action] = positionals;
  if (topic === undefined) return { do: 'explain', text: helpOf(COMMANDS) };
  if (shapes.length === 0) return refuse('qbitflow', noSuch('command', topic, topics()));
  const [shape, another] = shapes;
  if (shape === undefined || another !== undefined)
    return refuse(`qbitflow ${topic}`, actionOf(action, shapes));
  const operands = positionals.slice(shape.name.split(' ').length);
  const problem = problemOf(shape, operands, values);
  if (problem !== undefined) return refuse(`qbitflow ${shape.name}`, problem);
  return { do: 'run', name: shape.name, operand: operands[0] ?? '', options: values };
}

function actionOf(action: string | undefined, shapes: readonly CommandShape[]): string {
  const actions = shapes.map(({ name }) => name.split(' ')[1] ?? '');
  return action === undefined
    ? `say what to do: ${actions.join(', ')}`
    : noSuch('action', action, actions);
}

function topics(): readonly string[] {
  return [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''))];
}

function noSuch(what: string, given: string, known: readonly string[]): string {
  const meant = closestName(given, known);
  const cure = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
  return `there is no ${what} '${given.slice(0, 60)}': ${cure}`;
}

function problemOf(
  { operand, isOperandOptional = false, options, needs }: CommandShape,
  operands: readonly string[],
  values: CommandOptions,
): string | undefined {
  const [first, second] = operands;
  const taken = [...COMMON, ...options];
  const foreign = Object.entries(values).find(
    ([name, value]) => value !== false && !taken.some((known) => known === name),
  );
  if (foreign !== undefined) return `it takes no --${foreign[0]}`;
  const tooMuch = operand === undefined ? first : second;
  if (tooMuch !== undefined) return `'${tooMuch.slice(0, 60)}' is one word too many`;
  if (operand !== undefined && first === undefined && !isOperandOptional)
    return `the <${operand}> is missing`;
  if (needs !== undefined && values[needs.option] === undefined)
    return `--${needs.option} is missing, e.g. --${needs.option} ${needs.example}`;
  return undefined;
}

function refuse(called: string, problem: string): CommandCall {
  return { do: 'refuse', problem: `${called}: ${problem} (${called} --help)` };
}
