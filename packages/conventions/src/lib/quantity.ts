/** A count with its noun, for messages: "1 swap", "1,234 swaps", "2 sandwiches". */
export function quantity(value: number, one: string, more: string = `${one}s`): string {
  return `${value.toLocaleString("en-US")} ${value === 1 ? one : more}`;
}
