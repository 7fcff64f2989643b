/** One line of an exposition, read back. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  };
}

export interface ParsedFamily {
  readonly type?: string;
  readonly help?: string;
  readonly unit?: string;
}

export interface ParsedExposition {
  readonly families: ReadonlyMap<string, ParsedFamily>;
  readonly samples: readonly ParsedSample[];
}

/**
 * Reads an exposition back, character by character as the formats' grammars say, and shares nothing with the writer.
 * @throws Error on a line that neither grammar allows.
 */
export function parseExposition(text: string): ParsedExposition {
  const families = new Map<string, ParsedFamily>();
  const samples: ParsedSample[] = [];
  if (text !== "" && !text.endsWith("\n")) throw new Error("The last line does not end with a line feed.");
  for (const line of text.split("\n").slice(0, -1)) {
    if (line === "# EOF") continue;
    const comment = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line);
    if (comment !== null) {
      const [, keyword = "", name = "", rest = ""] = comment;
      const key = keyword.toLowerCase();
      const family = families.get(name) ?? {};
      if (key in family) throw new Error(`A second ${keyword} for ${name}.`);
      families.set(name, { ...family, [key]: key === "help" ? unescaped(rest) : rest });
    } else if (line.startsWith("#")) {
      throw new Error(`Not a comment of the format: ${line}`);
    } else {
      samples.push(parseSample(line));
    }
  }
  return { families, samples };
}

function parseSample(line: string): ParsedSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`No name: ${line}`);
  const { labels, end } = parseLabels(line, name.length);
  const rest = /^ (\S+)(?: # (\{.*\}) (\S+) (\S+))?$/s.exec(line.slice(end));
  if (rest === null) throw new Error(`No value: ${line}`);
  const [, value = "", exemplarLabels, exemplarValue = "", timestamp = ""] = rest;
  if (exemplarLabels === undefined) return { name, labels, value: parseNumber(value) };
  return {
    name,
    labels,
    value: parseNumber(value),
    exemplar: {
      labels: parseLabels(exemplarLabels, 0).labels,
      value: parseNumber(exemplarValue),
      timestamp: parseNumber(timestamp),
    },
  };
}

function parseLabels(line: string, start: number): { labels: Record<string, string>; end: number } {
  const labels: Record<string, string> = {};
  if (line[start] !== "{") return { labels, end: start };
  let at = start + 1;
  while (line[at] !== "}") {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="/.exec(line.slice(at));
    if (label?.[1] === undefined || label[1] in labels) throw new Error(`Bad labels: ${line}`);
    at += label[0].length;
    const from = at;
    while (line[at] !== '"') {
      at += line[at] === "\\" ? 2 : 1;
      if (at >= line.length) throw new Error(`A label's value does not end: ${line}`);
    }
    labels[label[1]] = unescaped(line.slice(from, at));
    at += 1;
    if (line[at] === ",") at += 1;
    else if (line[at] !== "}") throw new Error(`Bad labels: ${line}`);
  }
  return { labels, end: at + 1 };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character));
}

function parseNumber(text: string): number {
  if (text === "NaN") return Number.NaN;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(text)) throw new Error(`Not a number: ${text}`);
  return Number(text);
}
