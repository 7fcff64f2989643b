import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { copyContext } from "./context.ts";
import { execForm, type Instruction, type Stage } from "./dockerfile.ts";

/** A registry can be slow. The second attempt begins in an empty folder again. */
const RUN_MS = 400_000;

/** A stage of the Dockerfile in a folder in place of an image. */
export interface BuiltStage {
  /** Stands for `/`. */
  readonly root: string;
  /** Folder of the last `WORKDIR`, under `root`. */
  readonly workdir: string;
  /** From `ENV`. A value that is a path is under `root`. */
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly healthcheck: readonly string[];
  /** The instructions and commands that were not run, those of the stages before too. */
  readonly leftOut: readonly string[];
}

/**
 * Runs the instructions of all stages as plain commands in folders.
 *
 * @param context folder that is sent to the engine, in the repository
 * @param folder an empty one
 * @param leaveOut instructions, and commands of RUN between `&&`, that need root's rights or an image
 * @returns the last stage
 * @throws Error if a command fails twice, or if an instruction is neither supported nor in `leaveOut`
 */
export async function buildStages(
  stages: readonly Stage[],
  context: string,
  folder: string,
  leaveOut: readonly string[],
): Promise<BuiltStage> {
  const built = new Map<string, BuiltStage>();
  let last: BuiltStage | undefined;
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? `${index}`;
    last = await attempt(() => buildStage(stage, context, join(folder, name), built, leaveOut));
    built.set(name, last);
  }
  if (last === undefined) throw new Error("The Dockerfile has no stage.");
  return last;
}

class CommandError extends Error {}

async function attempt(build: () => Promise<BuiltStage>): Promise<BuiltStage> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.warn(`${error.message} Starting the stage again.`);
    return build();
  }
}

async function buildStage(
  stage: Stage,
  context: string,
  root: string,
  before: ReadonlyMap<string, BuiltStage>,
  leaveOut: readonly string[],
): Promise<BuiltStage> {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const built = {
    root,
    workdir: root,
    env: {} as Record<string, string>,
    entrypoint: [] as readonly string[],
    cmd: [] as readonly string[],
    healthcheck: [] as readonly string[],
    leftOut: [...([...before.values()].at(-1)?.leftOut ?? [])],
  };
  const apply: Record<string, (instruction: Instruction) => void | Promise<void>> = {
    WORKDIR: ({ rest }) => {
      built.workdir = inRoot(built, rest);
      mkdirSync(built.workdir, { recursive: true });
    },
    VOLUME: ({ rest }) => {
      mkdirSync(inRoot(built, rest), { recursive: true, mode: 0o700 });
    },
    COPY: (instruction) => copy(instruction, context, built, before),
    RUN: async ({ rest }) => {
      const commands = rest.split("&&").map((command) => command.trim().replaceAll(/\s+/g, " "));
      built.leftOut.push(...commands.filter((command) => leaveOut.includes(command)));
      await runCommands(
        commands.filter((command) => !leaveOut.includes(command)),
        built,
      );
    },
    ENV: ({ rest }) => {
      for (const [, name = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g))
        built.env[name] = value.startsWith("/") ? inRoot(built, value) : value;
    },
    ENTRYPOINT: ({ rest }) => {
      built.entrypoint = execForm(rest);
    },
    CMD: ({ rest }) => {
      built.cmd = execForm(rest);
    },
    HEALTHCHECK: ({ rest }) => {
      built.healthcheck = execForm(rest.replace(/^CMD\s+/, ""));
    },
  };
  for (const instruction of stage.instructions) {
    const line = `${instruction.keyword} ${instruction.rest}`;
    const run = apply[instruction.keyword];
    if (leaveOut.includes(line)) built.leftOut.push(line);
    else if (run === undefined) throw new Error(`Neither supported nor left out: ${line}`);
    else await run(instruction);
  }
  return built;
}

function inRoot({ root, workdir }: Pick<BuiltStage, "root" | "workdir">, path: string): string {
  return path.startsWith("/") ? join(root, path) : resolve(workdir, path);
}

/** As in an image, what a folder contains is copied, not the folder. */
function copy(
  { flags, rest }: Instruction,
  context: string,
  built: Pick<BuiltStage, "root" | "workdir">,
  before: ReadonlyMap<string, BuiltStage>,
): void {
  const [source = "", target = "", ...more] = rest.split(/\s+/);
  if (more.length > 0) throw new Error(`Not supported: COPY ${rest}`);
  const to = inRoot(built, target);
  if (flags.from === undefined && source === ".") {
    copyContext(context, to);
    return;
  }
  const stage = flags.from === undefined ? undefined : before.get(flags.from);
  if (flags.from !== undefined && stage === undefined)
    throw new Error(`There is no stage ${flags.from} before COPY ${rest}`);
  const from = join(stage?.root ?? context, source);
  const isInFolder = target.endsWith("/") && statSync(from).isFile();
  cpSync(from, isInFolder ? join(to, basename(from)) : to, { recursive: true, verbatimSymlinks: true });
}

/** @throws Error if a command fails or takes too long; nothing of it runs on then */
async function runCommands(
  commands: readonly string[],
  { workdir, env }: Pick<BuiltStage, "workdir" | "env">,
): Promise<void> {
  if (commands.length === 0) return;
  const outside = commands.filter((command) => /(^|\s)\//.test(command));
  if (outside.length > 0) throw new Error(`Would change this machine: ${outside.join(" && ")}`);
  const script = commands.join(" && ");
  const shell = spawn("/bin/sh", ["-c", script], {
    cwd: workdir,
    env: { ...plainEnvironment(), ...env },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  // The shell's group: what npm starts ends with it.
  const end = () => shell.pid !== undefined && process.kill(-shell.pid, "SIGKILL");
  const timer = setTimeout(end, RUN_MS);
  process.once("exit", end);
  try {
    const [code, signal] = await once(shell, "exit");
    if (code !== 0) throw new CommandError(`${script} ended with ${code ?? signal}.`);
  } finally {
    clearTimeout(timer);
    process.removeListener("exit", end);
  }
}

/**
 * The environment without what this repository's own npm and Vitest put there, or a program that the folder lacks would be found
 * in the repository. This process's Node comes first.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_(?!EXTRA_CA_CERTS)|SLIPSTREAM_|OTEL_)/.test(name),
  );
  const path = (process.env.PATH ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), ...path].join(":") };
}
