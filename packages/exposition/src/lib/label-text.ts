import { escapeLabelValue } from "./escape.ts";
import type { Labels } from "./metric-family.ts";

/** `a="x",b="y"` without the braces; empty if there are no labels. */
export function labelText(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    const value = labels[name];
    if (value === undefined) continue;
    if (text !== "") text += ",";
    text += `${name}="${escapeLabelValue(value)}"`;
  }
  return text;
}
