import { isMainThread, parentPort, threadId, workerData } from "node:worker_threads";

/**
 * Where the preload runs: it runs again in every worker thread and in every process that inherits NODE_OPTIONS.
 * - `service`: the process that was started to be observed
 * - `child`: a process that such a process started
 * - `worker`: a thread of either
 * - `tool`: a program that only starts the service, or a thread that only writes a logger's lines. It is left alone.
 */
export type ProcessKind = "service" | "child" | "worker" | "tool";

/** Says which process loaded this first. Children inherit it. */
const FIRST = "SLIPSTREAM_AUTO_PID";
const TOOLS =
  /[\\/]node_modules[\\/](?:npm|corepack|yarn|pnpm|\.bin|nodemon|concurrently|cross-env|dotenv-cli|tsx[\\/]dist[\\/]cli)(?:[\\/.]|$)|[\\/](?:npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)(?:\.[cm]?js)?$/;

export function processKind(script: string | undefined, env: NodeJS.ProcessEnv): ProcessKind {
  // The thread in which Node runs loaders has no parent to talk to.
  if (!isMainThread) return parentPort === null || isLogThread() ? "tool" : "worker";
  if (script !== undefined && TOOLS.test(script)) return "tool";
  const own = String(process.pid);
  const first = env[FIRST];
  if (first !== undefined && first !== own) return "child";
  env[FIRST] = own;
  return "service";
}

/**
 * The instance of a process is random unless a variable names it. That name is then the one of the first process only: each of its
 * threads and children counts its spans from 1.
 */
export function instanceId(kind: ProcessKind, given: string | undefined): string | undefined {
  if (given === undefined || kind === "service") return undefined;
  return kind === "child" ? `${given}/${process.pid}` : `${given}/${process.pid}/${threadId}`;
}

/** A thread of `thread-stream`, in which pino's transports run. */
function isLogThread(): boolean {
  const data: unknown = workerData;
  const inner = isRecord(data) && isRecord(data.workerData) ? data.workerData : undefined;
  return isRecord(inner?.$context) && "threadStreamVersion" in inner.$context;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
