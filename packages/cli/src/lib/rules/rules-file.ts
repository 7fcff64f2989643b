import { type ReadRules, type RuleParameters, type RuleProblem, readRules } from "@slipstream/alerts";
import { type Document, isMap, isNode, LineCounter, parseDocument } from "yaml";

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

/** Reads rules of a YAML file, or of a JSON file, for JSON is YAML. Every mistake is reported. */
export function parseRulesFile(text: string, parameters: RuleParameters): RulesFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos: [at] }) => notYaml(message, placeOf(lines, at)));
    return { rules: [], problems };
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias without its anchor, or more of them than can be meant.
    const message = error instanceof Error ? error.message : String(error);
    return { rules: [], problems: [notYaml(message, { line: null, lineColumn: null })] };
  }
  const { rules, problems } = readRules(value, parameters);
  const located = problems.map((problem) => ({
    ...problem,
    ...placeOf(lines, offsetOf(document, text, problem)),
  }));
  return { rules, problems: located.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function notYaml(message: string, place: Pick<FileProblem, "line" | "lineColumn">): FileProblem {
  const lower = message.charAt(0).toLowerCase() + message.slice(1);
  const rest = { place: "rules", path: [], column: null, allowed: "YAML or JSON", suggestion: null };
  return { ...rest, ...place, message: `this is not YAML: ${lower.replaceAll(/\s+/g, " ")}` };
}

function placeOf(lines: LineCounter, offset: number | undefined): Pick<FileProblem, "line" | "lineColumn"> {
  if (offset === undefined) return { line: null, lineColumn: null };
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
