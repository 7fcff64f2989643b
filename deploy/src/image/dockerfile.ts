/** One line of a Dockerfile, continued lines joined: `KEYWORD --flag=value rest`. */
export interface Instruction {
  readonly keyword: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly rest: string;
}

export interface Stage {
  /** What follows `AS`. */
  readonly name: string | undefined;
  /** All but `FROM`. */
  readonly instructions: readonly Instruction[];
}

/**
 * Reads the part of the format that this project uses.
 * @throws Error for what would be read wrongly: here-documents, another escape character, an instruction before `FROM`
 */
export function readDockerfile(text: string): readonly Stage[] {
  if (/^#\s*escape\s*=/im.test(text)) throw new Error("Another escape character is not supported.");
  const stages: { name: string | undefined; instructions: Instruction[] }[] = [];
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  for (const line of lines
    .join("\n")
    .replaceAll(/\\[ \t]*\n/g, "")
    .split("\n")) {
    const instruction = readInstruction(line);
    if (instruction.keyword === "FROM")
      stages.push({ name: /\sAS\s+(\S+)$/i.exec(instruction.rest)?.[1], instructions: [] });
    else if (stages.length === 0) throw new Error(`Not supported before FROM: ${line}`);
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function readInstruction(line: string): Instruction {
  const [, keyword = "", flags = "", rest = ""] = /^\s*(\S+)((?:\s+--\S+)*)\s+(.+?)\s*$/.exec(line) ?? [];
  if (keyword === "") throw new Error(`Not an instruction: ${line}`);
  if (rest.includes("<<")) throw new Error(`Here-documents are not supported: ${line}`);
  return {
    keyword: keyword.toUpperCase(),
    flags: Object.fromEntries(
      [...flags.matchAll(/--([\w-]+)=?(\S*)/g)].map(([, name, value]) => [name, value]),
    ),
    rest,
  };
}

/** The words of `["program", "argument"]`. @throws Error if it is written in another way */
export function execForm(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest);
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string"))
    throw new Error(`Not a list of words: ${rest}`);
  return words;
}
