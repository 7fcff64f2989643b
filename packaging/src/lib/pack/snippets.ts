import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "./consumer.ts";

/** The TypeScript in a Markdown text, block by block. */
export function snippets(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

/** @throws Error if the code in the README of an installed package does not compile. */
export async function compileReadmes(
  folder: string,
  names: readonly string[],
  compiler: string,
): Promise<void> {
  const files = names.flatMap((name) => {
    const readme = readFileSync(join(folder, "node_modules", name, "README.md"), "utf8");
    return snippets(readme).map((code, index) => {
      const file = `${name.slice(name.indexOf("/") + 1)}-readme-${index}.mts`;
      writeFileSync(join(folder, file), code);
      return file;
    });
  });
  await compile(folder, files, { module: "nodenext", noEmit: true }, compiler);
}
