/** A block of code of a Markdown page. */
export interface Block {
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** The word behind the fence; undefined for an indented block. */
  readonly language: string | undefined;
  /** Where the code comes from, if a comment above it says so: "examples/a.ts#readme". */
  readonly source: string | undefined;
  readonly code: string;
}

/** A command of a block, in one line and without its comment. */
export interface CommandLine {
  readonly line: number;
  readonly text: string;
}

/** Fenced and indented blocks, in order. What is indented below a line of text, or in a list, is text. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  let inList = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const fence = /^```(\w*)$/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf("```", at + 1);
      const source = /^<!-- code: (\S+) -->$/.exec(lines[at - 1] ?? "")?.[1];
      const code = `${lines.slice(at + 1, end).join("\n")}\n`;
      blocks.push({ line: at + 2, language: fence[1] || undefined, source, code });
      at = end;
    } else if (isIndented(line) && !inList && startsBlock(lines[at - 1] ?? "")) {
      const first = at;
      while (isIndented(lines[at + 1] ?? "") || (lines[at + 1] === "" && isIndented(lines[at + 2] ?? "")))
        at++;
      const code = lines.slice(first, at + 1).map((text) => text.slice(4));
      blocks.push({ line: first + 1, language: undefined, source: undefined, code: `${code.join("\n")}\n` });
    } else if (/^\s*(?:[-*]|\d+\.) /.test(line)) inList = true;
    else if (/^\S/.test(line)) inList = false;
  }
  return blocks;
}

function isIndented(line: string): boolean {
  return line.startsWith("    ") && line.trim() !== "";
}

/** An indented block begins below an empty line or a heading. */
function startsBlock(lineBefore: string): boolean {
  return lineBefore === "" || lineBefore.startsWith("#");
}

/** The commands of a block of shell. */
export function commandsOf({ code, line }: Block): readonly CommandLine[] {
  const commands: CommandLine[] = [];
  let begun: CommandLine | undefined;
  for (const [index, raw] of code.split("\n").entries()) {
    const text = raw.replace(/(^|\s{2,})#.*$/, "").trim();
    if (text === "") continue;
    const whole: CommandLine =
      begun === undefined ? { line: line + index, text } : { ...begun, text: `${begun.text} ${text}` };
    begun = whole.text.endsWith("\\") ? { ...whole, text: whole.text.slice(0, -1).trimEnd() } : undefined;
    if (begun === undefined) commands.push(whole);
  }
  return commands;
}
