import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../manifests/workspace.ts";
import { type Block, blocksOf, commandsOf } from "./blocks.ts";
import type { Session } from "./session.ts";
import type { Elsewhere, Install, Step } from "./step.ts";

/**
 * Runs the examples of a page in order, by its plan.
 *
 * @throws Error if an example has no step, a step no example, or if an example does not do what its step says; with its line
 */
export async function runPage(
  page: string,
  markdown: string,
  plan: readonly Step[],
  session: Session,
): Promise<void> {
  const steps = [...plan];
  const take = async (): Promise<Step | undefined> => {
    const step = steps.shift();
    if (step === undefined || !("given" in step)) return step;
    if (step.until === undefined) assertEnded(await session.run(step.given), /^/);
    else await session.start(step.given, step.until);
    return take();
  };
  for (const block of blocksOf(markdown)) {
    const isWhole = block.language === "ts" || isOfBlock(steps.find((step) => !("given" in step)));
    const examples = isWhole
      ? [{ line: block.line, text: block.code.split("\n")[0] ?? "" }]
      : commandsOf(block);
    for (const { line, text } of examples) {
      const where = `${page}:${line}: ${text}`;
      const step = await take();
      if (step === undefined || (!("output" in step) && exampleOf(step) !== text)) {
        const next = step === undefined ? "none is left" : `the next one is of: ${exampleOf(step)}`;
        throw new Error(`${where}\nThis example has no step in packaging/src/lib/examples/plan.ts; ${next}`);
      }
      try {
        await carryOut(step, block, text, session);
      } catch (error) {
        throw new Error(`${where}\n${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
  }
  const [left] = steps;
  if (left !== undefined) throw new Error(`${page} has no such example any more: ${exampleOf(left)}`);
}

function isOfBlock(step: Step | undefined): boolean {
  return step !== undefined && ("output" in step || ("notRun" in step && step.block === true));
}

/** The text on the page. */
function exampleOf(step: Step): string {
  if ("run" in step) return step.run;
  if ("install" in step) return step.install;
  if ("start" in step) return step.start;
  if ("given" in step) return step.given;
  if ("code" in step) return step.code;
  if ("elsewhere" in step) return step.elsewhere;
  return "notRun" in step ? step.notRun : String(step.output);
}

async function carryOut(step: Step, block: Block, text: string, session: Session): Promise<void> {
  if ("run" in step) {
    const command = typeof step.as === "function" ? await step.as(session) : (step.as ?? text);
    assertEnded(await session.run(command), step.expect, step.exit);
  } else if ("install" in step) assertInstalled(step, session);
  else if ("start" in step) await session.start(step.as ?? text, step.until, step.cwd);
  else if ("code" in step) {
    if (step.file === undefined) assertEnded(await session.program("example.mts", block.code), step.expect);
    else session.write(step.file, block.code);
    await step.after?.(session);
  } else if ("output" in step) {
    if (!step.output.test(block.code)) throw new Error(`the page does not show ${step.output}`);
    await session.printed(step.output);
  } else if ("elsewhere" in step) assertElsewhere(step);
}

function assertEnded(
  { code, output }: { code: number | null; output: string },
  expected: RegExp,
  exit = 0,
): void {
  if (code !== exit) throw new Error(`it ended with ${code} and printed:\n${output}`);
  if (!expected.test(output)) throw new Error(`it does not print ${expected}, but:\n${output}`);
}

function assertInstalled({ install }: Install, session: Session): void {
  const names = install.replace(/^npm install /, "").split(" ");
  const missing = names.filter((name) => !existsSync(join(session.project, "node_modules", name)));
  if (missing.length > 0) throw new Error(`there is no such package: ${missing.join(", ")}`);
}

function assertElsewhere({ file, text }: Elsewhere): void {
  if (!readFileSync(join(root, file), "utf8").includes(text))
    throw new Error(`${file} does not run it: no "${text}" in it`);
}
