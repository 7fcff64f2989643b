import type { ChildProcess } from "node:child_process";

const DEADLINE_MS = 30_000;

/** What the pattern's first group matches in the child's output. Rejects where it ends or half a minute passes before. */
export function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.join(" ")}: ${why}\n${text}`));
    const deadline = setTimeout(() => fail(`nothing like ${pattern} within ${DEADLINE_MS} ms`), DEADLINE_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`ended with code ${code}`));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[1];
      if (found === undefined) return;
      clearTimeout(deadline);
      resolve(found);
    });
  });
}
