/** How a text is written in a dialect. Escaping more of a text never gives less. */
export type Escape = (text: string) => string;

const same: Escape = (text) => text;

/**
 * A text escaped, and cut to whole code points if it has no room; "…" says so.
 * @param most UTF-16 units, after escaping
 */
export function cut(text: string, most: number, escaped: Escape = same): string {
  const whole = escaped(text);
  if (whole.length <= most) return whole;
  // A code point has two units at most, and none gives less than one.
  const points = Array.from(text.slice(0, 2 * most));
  let [fits, low, high] = ["", 0, points.length];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const tried = escaped(`${points.slice(0, middle).join("").trimEnd()}…`);
    if (tried.length <= most) [fits, low] = [tried, middle + 1];
    else high = middle - 1;
  }
  return fits;
}

/**
 * As many whole items as have room, in their order, escaped and a line each. The first is cut if it alone has no room. A last line
 * "…" says that there are more.
 * @param most UTF-16 units, after escaping
 */
export function fitLines(items: readonly string[], most: number, escaped: Escape = same): string {
  const lines: string[] = [];
  let left = most;
  for (const [index, item] of items.entries()) {
    const room = index === items.length - 1 ? left : left - MARK.length;
    const line = escaped(item);
    if (line.length > room) {
      if (index === 0) return cut(item, most, escaped);
      lines.push("…");
      break;
    }
    lines.push(line);
    left -= line.length + 1;
  }
  return lines.join("\n");
}

/** What is kept free for the mark that there are more. */
const MARK = "\n…";
