export function takesNode(range: string, version: string): boolean;
