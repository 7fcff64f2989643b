import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Setting } from "../parts/part.ts";
import type { ProcessIdentity } from "./identity.ts";

/** What a run writes for other commands and for the run after it. */
export interface RunState {
  readonly runner: ProcessIdentity;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly setting: Setting;
}

/** Files of a stack that do not belong to one part: logs, process ids, the token. */
export interface RunFolder {
  readonly lock: string;
  log(part: string): string;
  writeState(state: RunState): void;
  /** undefined: there was no run */
  readState(): RunState | undefined;
  writeProcess(part: string, identity: ProcessIdentity): void;
  removeProcess(part: string): void;
  /** The processes of the last run, by part. */
  processes(): ReadonlyMap<string, ProcessIdentity>;
  /** The file with the aggregator's token, made if it is missing, for its owner only. */
  tokenFile(): string;
}

export function runFolder(data: string): RunFolder {
  const folder = join(data, "run");
  const stateFile = join(folder, "state.json");
  const make = (): void => {
    mkdirSync(join(folder, "logs"), { recursive: true, mode: 0o700 });
  };
  return {
    lock: join(folder, "stack.lock"),
    log(part) {
      make();
      return join(folder, "logs", `${part}.log`);
    },
    writeState(state) {
      make();
      write(stateFile, state);
    },
    readState: () => read(stateFile),
    writeProcess: (part, identity) => write(join(folder, `${part}.pid`), identity),
    removeProcess: (part) => rmSync(join(folder, `${part}.pid`), { force: true }),
    processes() {
      const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".pid")) : [];
      return new Map(
        files.flatMap((name) => {
          const identity: ProcessIdentity | undefined = read(join(folder, name));
          return identity === undefined ? [] : [[name.slice(0, -".pid".length), identity] as const];
        }),
      );
    },
    tokenFile() {
      make();
      const file = join(data, "token");
      if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
      return file;
    },
  };
}

/** At once, so that no reader finds half of it. */
function write(file: string, value: object): void {
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Only this program writes these files. A file that it could not finish counts as none. */
function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
