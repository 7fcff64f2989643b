import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { startProcess } from "@slipstream/testing/real-process";
import { expect, onTestFinished, test } from "vitest";
import type { Part } from "../parts/part.ts";
import type { Progress } from "../progress.ts";
import { identityOf, isAlive, signalProcess } from "../run/identity.ts";
import { smallPart } from "../testing/small-part.ts";
import { buildPrograms, isBuilt } from "./built-program.ts";
import { type InstallOptions, install } from "./install.ts";
import type { Installation } from "./installation.ts";

const PROGRAMS = ["tool", "helper"];
const never = new AbortController().signal;

/** Builds two programs by a shell script, which finds its work folder in `$WORK`. */
function built(script: string, recipe: string = "1"): Part {
  const installation: Installation = {
    what: "Tool 1.0",
    usually: "1 s",
    needs: ["go"],
    isInstalled: (cache) => isBuilt(cache, PROGRAMS, recipe),
    install: (workshop) =>
      buildPrograms(workshop, PROGRAMS, recipe, (work) =>
        workshop.run("sh", ["-c", script], { cwd: work, env: { WORK: work } }),
      ),
  };
  return { ...smallPart("tool"), installation };
}

const good = "date +%N >bin/tool && echo 2 >bin/helper";

function options(cache: string, lines: string[] = [], signal: AbortSignal = never): InstallOptions {
  const progress: Progress = { line: (text) => void lines.push(text), during: (_, work) => work };
  return { cache, progress, signal, problem: () => undefined };
}

const read = (cache: string, program: string): string => readFileSync(join(cache, "bin", program), "utf8");

test("what is missing is built once, and again if its recipe changes", async () => {
  const cache = testFolder();
  expect([...(await install([built(good)], options(cache))).keys()]).toEqual(["tool"]);
  const first = read(cache, "tool");
  expect((await install([built(good)], options(cache))).size).toBe(0);
  expect(read(cache, "tool")).toBe(first);
  await install([built(good, "2")], options(cache));
  expect(read(cache, "tool")).not.toBe(first);
});

test("a failed build leaves nothing that looks whole, and its error has the end of its output", async () => {
  const cache = testFolder();
  const failing = built("echo 1 >bin/tool; echo 'no such module' >&2; exit 3");
  const error = await install([failing], options(cache)).catch(String);
  expect(error).toMatch(/exit code 3\. The end of .*tool\.log:\n +no such module/);
  expect(existsSync(join(cache, "bin", "tool"))).toBe(false);
  await install([built(good)], options(cache));
  expect(read(cache, "helper")).toBe("2\n");
});

test("a build that is broken off ends with all that it started, and leaves nothing that looks whole", async () => {
  const cache = testFolder();
  const stopped = new AbortController();
  const slow = built(`${good}; sleep 600 & echo $! >"$WORK/../child"; wait`);
  const installing = install([slow], options(cache, [], stopped.signal));
  installing.catch(() => {});
  const child = join(cache, "build", "child");
  const pid = await eventually("it builds", () => Number(readFileSync(child, "utf8")) || undefined);
  stopped.abort(new Error("Stopped."));
  await expect(installing).rejects.toThrow("Stopped.");
  await eventually("its child has ended", () => {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : ") Z";
    return stat.includes(") Z");
  });
  expect(isBuilt(cache, PROGRAMS, "1")).toBe(false);
});

test("a build whose runner is killed ends with all that it started", async () => {
  const cache = testFolder();
  const main = join(import.meta.dirname, "../testing/slow-install.main.ts");
  const runner = startProcess(process.execPath, ["--conditions=slipstream-source", main, cache], cache);
  onTestFinished(() => runner.kill());
  const file = join(cache, "child");
  const pid = await eventually("it builds", () => {
    if (runner.exited) throw new Error(runner.output());
    return (existsSync(file) && Number(readFileSync(file, "utf8"))) || undefined;
  });
  const child = identityOf(pid);
  if (child === undefined) throw new Error("The build ended by itself.");
  onTestFinished(() => signalProcess(child, "SIGKILL"));
  await runner.kill();
  await eventually("its child has ended", () => !isAlive(child));
  expect(isAlive(child)).toBe(false);
});

test("two runs at once build once: the second waits and says so", async () => {
  const cache = testFolder();
  const gate = join(cache, "gate");
  const slow = built(`${good}; echo built >>"$WORK/../times"; until [ -e ${gate} ]; do sleep 0.05; done`);
  const lines: string[] = [];
  const first = install([slow], options(cache));
  await eventually("the first builds", () => existsSync(join(cache, "build", "times")));
  const second = install([slow], options(cache, lines));
  await eventually("the second waits", () => lines.includes("Waiting for another run that installs tool"));
  writeFileSync(gate, "");
  await Promise.all([first, second]);
  expect(readFileSync(join(cache, "build", "times"), "utf8")).toBe("built\n");
});

test("all missing toolchains are named before anything is built, with what needs them", async () => {
  const cache = testFolder();
  const java: Part = { ...smallPart("database"), needs: ["java"] };
  const problem = (toolchain: string): string => `${toolchain} is missing.`;
  const error = await install([built(good), java], { ...options(cache), problem }).catch(String);
  expect(error).toContain("go is missing. Needed: to install Tool 1.0.");
  expect(error).toContain("java is missing. Needed: database runs with it.");
  expect(existsSync(join(cache, "build"))).toBe(false);
});

test("nothing is asked of a machine that has everything", async () => {
  const cache = testFolder();
  await install([built(good)], options(cache));
  const problem = (): string => "missing";
  await expect(install([built(good)], { ...options(cache), problem })).resolves.toEqual(new Map());
});
