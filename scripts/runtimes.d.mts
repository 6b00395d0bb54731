/** The path of a runtime's binary, or `undefined` when it was not fetched or is not made for this machine. */
export function runtimePath(name: string): string | undefined;
