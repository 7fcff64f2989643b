import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "slipstream-stack/cache-folder";
import { toolchainProblem } from "slipstream-stack/install/toolchains";
import { inRepository } from "./repository.ts";

const SOURCE = inRepository("deploy", "compose-go");
const BUILD_MS = 170_000;

export interface Mount {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string };
  readonly user?: string;
  readonly entrypoint?: readonly string[] | null;
  readonly command?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly Mount[];
  readonly tmpfs?: readonly string[];
  readonly group_add?: readonly string[];
  readonly ports?: readonly {
    readonly host_ip: string;
    readonly target: number;
    readonly published: string;
  }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly deploy?: {
    readonly resources: { readonly limits: { readonly cpus: number; readonly memory: string } };
  };
}

export interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** docker-compose.yml as `docker compose` reads it, by its own library. @throws Error with what is wrong with it */
export function composeProject(env: NodeJS.ProcessEnv = {}): Project {
  const text = execFileSync(composeGo(), {
    cwd: inRepository(),
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(text) as Project;
}

/** Builds the program once for each of its versions. */
function composeGo(): string {
  const hash = createHash("sha256");
  for (const name of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(SOURCE, name)));
  const folder = join(cacheFolder(), "bin");
  const program = join(folder, `compose-go-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(program)) return program;
  const problem = toolchainProblem("go");
  if (problem !== undefined) throw new Error(problem);
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: "0" };
  execFileSync("go", ["build", "-o", `${program}.new`, "."], { cwd: SOURCE, env, timeout: BUILD_MS });
  renameSync(`${program}.new`, program);
  return program;
}
