/**
 * What a value from a file or an environment can hardly be meant to be, in words that go on after its name and repeat
 * nothing of it: `docker --env-file` and Kubernetes keep quotes, editors add line ends, templates stay unfilled.
 */
export function oddityOf(value: string): string | undefined {
  if (value.trim() !== value) return 'has white space around it';
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(value)) return 'has quotes around it';
  if (/^(?:undefined|null|NaN|\[object \w+\])$/.test(value)) return `is the text '${value}'`;
  if (/^\$\{?\w+\}?$|^\$?\{\{.*\}\}$/.test(value)) return 'is a variable that was never filled in';
  return undefined;
}

/** The same for a webhook secret, which is no API key. */
export function oddityOfSecret(secret: string): string | undefined {
  return oddityOf(secret) ?? (/^sk_/i.test(secret) ? 'is an API key (sk_…)' : undefined);
}

/** The same for an API key, which is no webhook secret. */
export function oddityOfApiKey(apiKey: string): string | undefined {
  return (
    oddityOf(apiKey) ?? (/^whsec_/i.test(apiKey) ? 'is a webhook secret (whsec_…)' : undefined)
  );
}

/** What to do about it. */
export function cureOf(oddity: string): string {
  if (oddity.includes('white space')) return 'often a line end from a file: trim it';
  if (oddity.includes('quotes'))
    return 'docker --env-file and Kubernetes take them for a part of the value: leave them out';
  if (oddity.includes('(sk_'))
    return 'webhooks are signed with the signing secret of their endpoint (whsec_…): copy it from the QBitFlow dashboard';
  if (oddity.includes('(whsec_'))
    return 'calls are made with an API key (sk_…): give the two the other way round';
  return 'the variable it comes from is not set';
}
