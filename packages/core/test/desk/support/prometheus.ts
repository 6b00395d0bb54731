/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of a scrape: all that one name says. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LINE = new RegExp(`^(${NAME})(?:\\{([^]*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;
const TYPES = ['counter', 'gauge', 'histogram'];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its specification is written: one group a name with its help and type
 * in front, no sample twice, whole and growing buckets that end in `+Inf` and agree with the count. Throws otherwise.
 */
export function parseScrape(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line must end');
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  let current:
    { name: string; family: { type: string; help: string; samples: Sample[] } } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, named = '', rest = ''] =
      new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line) ?? [];
    if (word === 'HELP') {
      if (families.has(named)) throw new Error(`${named} is not in one group`);
      current = { name: named, family: { type: '', help: rest, samples: [] } };
      families.set(named, current.family);
    } else if (word === 'TYPE') {
      if (current?.name !== named || current.family.type !== '')
        throw new Error(`stray type: ${line}`);
      if (!TYPES.includes(rest)) throw new Error(`no type: ${line}`);
      current.family.type = rest;
    } else {
      const sample = parseSample(line);
      const suffixes = SUFFIXES[current?.family.type ?? ''] ?? [];
      if (
        current === undefined ||
        !suffixes.some((suffix) => sample.name === current?.name + suffix)
      )
        throw new Error(`a sample outside its group: ${line}`);
      current.family.samples.push(sample);
    }
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

function parseSample(line: string): Sample {
  const [, name = '', inside = '', number = ''] = LINE.exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const found = LABEL.exec(inside);
    if (found === null) throw new Error(`no labels: ${line}`);
    const [, label = '', value = ''] = found;
    if (label in labels) throw new Error(`a label twice: ${line}`);
    labels[label] = value.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  const value = number === '+Inf' ? Infinity : Number(number);
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

function check(name: string, { type, samples }: Family): void {
  if (type === '') throw new Error(`${name} has no type`);
  const keys = samples.map(({ name: own, labels }) => own + JSON.stringify(labels));
  if (new Set(keys).size !== keys.length) throw new Error(`${name} says something twice`);
  if (type === 'counter' && !name.endsWith('_total'))
    throw new Error(`${name} is a counter without _total`);
  if (type !== 'gauge' && samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${name} is below 0`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = groupBy(samples);
  for (const group of series.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Infinity : Number(labels['le']),
    );
    const grows = (numbers: readonly number[], least: number): boolean =>
      numbers.every((number, index) => index === 0 || number - (numbers[index - 1] ?? 0) >= least);
    if (bounds.at(-1) !== Infinity || !grows(bounds, Number.MIN_VALUE))
      throw new Error(`${name}: bounds`);
    if (
      !grows(
        buckets.map(({ value }) => value),
        0,
      )
    )
      throw new Error(`${name}: buckets fall`);
    const count = group.find((sample) => sample.name === `${name}_count`);
    if (count === undefined || count.value !== buckets.at(-1)?.value)
      throw new Error(`${name}: count`);
    if (!group.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name}: no sum`);
  }
}

function seriesOf({ labels }: Sample): string {
  return JSON.stringify(Object.entries(labels).filter(([label]) => label !== 'le'));
}

function groupBy(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const series = seriesOf(sample);
    groups.set(series, [...(groups.get(series) ?? []), sample]);
  }
  return groups;
}
