/** As the packages' manifests name the repository. */
const REFERENCE = 'https://github.com/qbitflow/qbitflow-kit/blob/main/docs/reference/';

/** Where an error code is explained: the address of its section, with cause and cure. */
export function docsOfError(code: string): string {
  return `${REFERENCE}errors.md#${code}`;
}

/** Where the code of a log line is explained: the address of its section. */
export function docsOfLine(code: string): string {
  return `${REFERENCE}log-lines.md#${code}`;
}
