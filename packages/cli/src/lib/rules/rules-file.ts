import { type ReadRules, type RuleParameters, type RuleProblem, readRules } from "@slipstream/alerts";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";

/** A mistake with its place in the file; both are null if the file does not show where. */
export interface FileProblem extends RuleProblem {
  /** 1 is the first. */
  readonly line: number | null;
  /** In the line, 1 is the first character. */
  readonly lineColumn: number | null;
}

export interface RulesFile extends Pick<ReadRules, "rules"> {
  /** In the order of the file. */
  readonly problems: readonly FileProblem[];
}

/** Longest file, in characters: some hundred times what a thousand rules need. */
const MOST_CHARS = 2 * 1_024 * 1_024;

/** Most keys that are reported to be there again. */
const MOST_REPEATED = 100;

/** Reads rules of a YAML file, or of a JSON file, for JSON is YAML. Every mistake is reported. */
export function parseRulesFile(text: string, parameters: RuleParameters): RulesFile {
  if (text.length > MOST_CHARS) {
    const message = `the file has ${text.length} characters`;
    return { rules: [], problems: [ofFile(message, `${MOST_CHARS} characters at most`, nowhere)] };
  }
  const lines = new LineCounter();
  // The parser would compare each key with all others.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [broken] = document.errors;
  // After it nothing is where it seems to be.
  if (broken !== undefined) return { rules: [], problems: [notYaml(broken, placeOf(lines, broken.pos[0]))] };
  let invalid: readonly FileProblem[];
  let value: unknown;
  try {
    invalid = repeatedKeys(document).map((offset) =>
      notYaml("map keys must be unique", placeOf(lines, offset)),
    );
    value = document.toJS();
  } catch (error) {
    // An alias without its anchor, or more of them than can be meant.
    return { rules: [], problems: [notYaml(error, nowhere)] };
  }
  const { rules, problems } = readRules(value, parameters);
  const located = problems.map((problem) => ({
    ...problem,
    ...placeOf(lines, offsetOf(document, text, problem)),
  }));
  return { rules, problems: [...invalid, ...located].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

type Place = Pick<FileProblem, "line" | "lineColumn">;

const nowhere: Place = { line: null, lineColumn: null };

function notYaml(error: unknown, place: Place): FileProblem {
  const message = error instanceof Error ? error.message : String(error);
  const reason = /call stack|stack overflow/i.test(message)
    ? "it nests too deeply"
    : `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replaceAll(/\s+/g, " ");
  return ofFile(`this is not YAML: ${reason}`, "YAML or JSON", place);
}

/** Where keys begin that their map has already. */
function repeatedKeys(document: Document): readonly (number | undefined)[] {
  const repeated: (number | undefined)[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) repeated.push(key.range?.[0]);
        keys.add(key.value);
      }
    },
  });
  return repeated.slice(0, MOST_REPEATED);
}

function ofFile(message: string, allowed: string, place: Place): FileProblem {
  return { place: "rules", path: [], column: null, message, allowed, suggestion: null, ...place };
}

function placeOf(lines: LineCounter, offset: number | undefined): Place {
  if (offset === undefined) return nowhere;
  const { line, col } = lines.linePos(offset);
  return { line, lineColumn: col };
}

/** Where a problem's value begins in the text, as near as the document has it. */
function offsetOf(document: Document, text: string, { path, column }: RuleProblem): number | undefined {
  const list = isMap(document.contents) ? ["rules"] : [];
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn([...list, ...path.slice(0, length)], true);
    if (!isNode(node) || !node.range) continue;
    const [start] = node.range;
    if (column === null || length < path.length) return start;
    // Within a text only if it stands there as it is, without escapes or line breaks.
    const value: unknown = document.getIn([...list, ...path]);
    const begin = /["']/.test(text[start] ?? "") ? start + 1 : start;
    return typeof value === "string" && text.startsWith(value, begin) ? begin + column - 1 : start;
  }
  return 0;
}
