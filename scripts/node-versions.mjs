// Which Nodes the kit runs on, as `engines` in package.json says it: the one place where that stands.

const numbers = (version) => version.split('.').map(Number);

/** Whether one version of three numbers comes before another one. */
function isBelow(version, other) {
  const [left, right] = [numbers(version), numbers(other)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at !== -1 && left[at] < right[at];
}

/** Whether a range like `^20.19.0 || >=22.12.0` takes a version. Knows no other signs, and throws for them. */
export function takesNode(range, version) {
  return range.split('||').some((part) => {
    const [, sign, least] = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/.exec(part) ?? [];
    if (least === undefined) throw new Error(`engines: a range that is not understood: ${part}`);
    if (isBelow(version, least)) return false;
    return sign === '>=' || numbers(version)[0] === numbers(least)[0];
  });
}
