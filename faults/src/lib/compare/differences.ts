/**
 * Where two values of plain data differ, a line for each place. Entries of objects and Maps are compared whatever their
 * order. Two NaN are equal.
 */
export function differences(expected: unknown, actual: unknown, path = ""): string[] {
  if (Object.is(expected, actual)) return [];
  const [left, right] = [entriesOf(expected), entriesOf(actual)];
  if (left === undefined || right === undefined)
    return [`${path || "all"}: ${show(expected)} became ${show(actual)}`];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), path === "" ? key : `${path}.${key}`),
  );
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (value instanceof Map) return new Map(Array.from(value, ([key, held]) => [String(key), held]));
  if (typeof value !== "object" || value === null) return undefined;
  return new Map(Object.entries(value).filter(([, held]) => held !== undefined));
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
