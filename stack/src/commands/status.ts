import type { Context } from "../context.ts";
import { sizeOf } from "../log-file.ts";
import type { Part } from "../parts/part.ts";
import { duration } from "../progress.ts";
import { isAlive } from "../run/identity.ts";
import { runFolder } from "../run/run-folder.ts";

/** Shows each part. @returns the exit code: 0 if all that should run serve */
export async function status(data: string, { all, progress }: Context): Promise<number> {
  const folder = runFolder(data);
  const state = folder.readState();
  if (state === undefined) {
    progress.line(`No stack has run with its data in ${data}.`);
    return 1;
  }
  const { setting, runner, startedMs } = state;
  const runs = isAlive(runner);
  progress.line(
    runs
      ? `The stack runs since ${duration(Date.now() - startedMs)} (pid ${runner.pid}).`
      : "The stack does not run.",
  );
  const processes = folder.processes();
  const rows = await Promise.all(
    all
      .filter(({ name }) => setting.parts.includes(name))
      .map(async (part) => {
        const identity = processes.get(part.name);
        const alive = identity !== undefined && isAlive(identity);
        const healthy = alive && (await part.isHealthy(setting).catch(() => false));
        const word = healthy ? "serves" : alive ? "does not serve" : runs ? "does not run" : "-";
        const where = part.addresses(setting)[0]?.url ?? "";
        const trouble = healthy ? part.trouble?.(setting) : undefined;
        return {
          healthy,
          alive,
          trouble,
          line: [part.name, word, alive ? String(identity.pid) : "-", where],
        };
      }),
  );
  if (!runs && rows.some(({ alive }) => alive))
    progress.line(
      "Its runner was killed and left parts. `npm run stack -- stop`, or the next start, ends them.",
    );
  for (const { line } of rows) {
    const [name = "", word = "", pid = "", where = ""] = line;
    progress.line(`  ${name.padEnd(13)} ${word.padEnd(14)} ${pid.padStart(7)}  ${where}`.trimEnd());
  }
  for (const { trouble } of rows) if (trouble !== undefined) progress.line(trouble);
  if (runs) progress.line(`Logs: npm run stack -- logs PART (${logSize(data, all)})`);
  return runs && rows.every(({ healthy }) => healthy) ? 0 : 1;
}

function logSize(data: string, all: readonly Part[]): string {
  const folder = runFolder(data);
  const bytes = all.reduce((sum, { name }) => sum + sizeOf(folder.log(name)), 0);
  return `${Math.ceil(bytes / 1024)} KiB`;
}
