import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../manifests/workspace.ts";
import { type Block, blocksOf, commandsOf } from "./blocks.ts";
import type { Session } from "./session.ts";
import type { Elsewhere, Install, Step } from "./step.ts";

/** A command whose output comes late is run again for so long. */
const LATEST_MS = 60_000;

/** A step, and the example that it belongs to; none if it is not on the page. */
export interface Planned {
  readonly step: Step;
  readonly example?: { readonly block: Block; readonly line: number; readonly text: string };
}

/**
 * The steps of a page with their examples, in order.
 *
 * @throws Error if an example has no step, or a step no example
 */
export function pairUp(page: string, markdown: string, plan: readonly Step[]): readonly Planned[] {
  const steps = [...plan];
  const pairs: Planned[] = [];
  for (const block of blocksOf(markdown)) {
    for (; steps[0] !== undefined && "given" in steps[0]; steps.shift()) pairs.push({ step: steps[0] });
    const isWhole = ["ts", "yaml"].includes(block.language ?? "") || isOfBlock(steps[0]);
    const whole = { line: block.line, text: block.code.split("\n")[0] ?? "" };
    for (const { line, text } of isWhole ? [whole] : commandsOf(block)) {
      for (; steps[0] !== undefined && "given" in steps[0]; steps.shift()) pairs.push({ step: steps[0] });
      const step = steps.shift();
      if (step === undefined || (!("output" in step) && exampleOf(step) !== text)) {
        const next = step === undefined ? "none is left" : `the next one is of: ${exampleOf(step)}`;
        throw new Error(
          `${page}:${line}: ${text}\nThis example has no step in packaging/src/lib/examples/plan.ts; ${next}`,
        );
      }
      pairs.push({ step, example: { block, line, text } });
    }
  }
  const [left] = steps;
  if (left !== undefined) throw new Error(`${page} has no such example any more: ${exampleOf(left)}`);
  return pairs;
}

/**
 * Runs the examples of a page in order, by its plan.
 *
 * @throws Error as `pairUp` does, or if an example does not do what its step says; with its line
 */
export async function runPage(
  page: string,
  markdown: string,
  plan: readonly Step[],
  session: Session,
): Promise<void> {
  for (const { step, example } of pairUp(page, markdown, plan)) {
    const where =
      example === undefined ? `${page}: ${exampleOf(step)}` : `${page}:${example.line}: ${example.text}`;
    try {
      await carryOut(step, example?.block.code ?? "", example?.text ?? "", session);
    } catch (error) {
      throw new Error(`${where}\n${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
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

async function carryOut(step: Step, code: string, text: string, session: Session): Promise<void> {
  if ("given" in step) {
    if (step.until === undefined) assertEnded(await session.run(step.given), /^/);
    else await session.start(step.given, step.until);
  } else if ("run" in step) {
    const command = typeof step.as === "function" ? await step.as(session) : (step.as ?? text);
    let ended = await session.run(command);
    const endMs = performance.now() + LATEST_MS;
    while (step.later === true && !step.expect.test(ended.output) && performance.now() < endMs)
      ended = await session.run(command);
    assertEnded(ended, step.expect, step.exit);
  } else if ("install" in step) assertInstalled(step, session);
  else if ("start" in step) await session.start(step.as ?? text, step.until, step.cwd);
  else if ("code" in step) {
    if (step.file === undefined) assertEnded(await session.program("example.mts", code), step.expect);
    else session.write(step.file, code);
    await step.after?.(session);
  } else if ("output" in step) {
    if (!step.output.test(code)) throw new Error(`the page does not show ${step.output}`);
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

/** @throws Error if that check is gone */
export function assertElsewhere({ file, text }: Elsewhere): void {
  if (!readFileSync(join(root, file), "utf8").includes(text))
    throw new Error(`${file} does not run it: no "${text}" in it`);
}
