import type { Part } from "./parts/part.ts";

/**
 * Groups of parts in the order in which they start: each after the groups that it needs. They end in the reverse order.
 *
 * @throws Error if two wait for each other
 */
export function stages(parts: readonly Part[]): readonly (readonly Part[])[] {
  const found: Part[][] = [];
  let left = [...parts];
  while (left.length > 0) {
    const names = left.map(({ name }) => name);
    const stage = left.filter(({ after }) => !after.some((name) => names.includes(name)));
    if (stage.length === 0) throw new Error(`These parts wait for each other: ${names.join(", ")}.`);
    found.push(stage);
    left = left.filter((part) => !stage.includes(part));
  }
  return found;
}
