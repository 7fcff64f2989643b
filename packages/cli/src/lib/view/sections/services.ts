import { cut, fixed, percent, unknown, whole } from "../format.ts";
import type { WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";

/** What was received of each service. */
export function serviceLines({ current }: WithCurrent, most: number): Line[] {
  const names = Object.keys(current.services).sort();
  const hidden = names.length - Math.min(most, names.length);
  const numbers = ["spans", "repeated", "late", "refused", "complete"]
    .map((text) => text.padStart(10))
    .join("");
  return [
    [{ text: `${"service".padEnd(26)}${numbers}`, style: "dim" }],
    ...names
      .slice(0, most)
      .flatMap((name) => [serviceLine({ current }, name), ...troubleLines({ current }, name)]),
    ...(names.length === 0 ? [["no data from any service yet"]] : []),
    ...(hidden > 0 ? [[{ text: `and ${hidden} more (/api/current)`, style: "dim" } as Piece]] : []),
  ];
}

function serviceLine({ current }: WithCurrent, name: string): Line {
  const counts = current.services[name];
  if (counts === undefined) return [name];
  const { received, duplicate, late, refused, completeness } = counts;
  const complete = completeness === null ? unknown : percent(100 * completeness, 2);
  return [
    cut(name, 25).padEnd(26),
    whole(received).padStart(10),
    whole(duplicate).padStart(10),
    whole(late).padStart(10),
    { text: whole(refused).padStart(10), style: refused > 0 ? "warn" : "dim" },
    { text: complete.padStart(10), style: completeness !== null && completeness < 1 ? "warn" : "good" },
  ];
}

/** What is wrong with what it sends; no line if nothing is. */
function troubleLines({ current }: WithCurrent, name: string): Line[] {
  const { clockBehindSeconds = 0, refusedValues = [] } = current.services[name] ?? {};
  const behind = clockBehindSeconds > 0 ? [`clock ${fixed(clockBehindSeconds, 0)} s behind`] : [];
  const refused = refusedValues
    .slice(0, 2)
    .map(({ attribute, reason, count }) => `${attribute} ${reason.replaceAll("_", " ")}: ${whole(count)}`);
  const texts = [...behind, ...refused];
  return texts.length === 0 ? [] : [[{ text: `  ${texts.join("; ")}`, style: "warn" }]];
}
