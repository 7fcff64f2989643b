import type { Installation } from "../install/installation.ts";
import type { Toolchain } from "../install/toolchains.ts";

/** How a part is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the runner's own environment. Secrets go here or into files, never into `args`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a part may know of the stack that it is in. */
export interface Setting {
  /** The checkout, whose configuration files the parts run with. */
  readonly repository: string;
  /** Where the parts keep their data. */
  readonly data: string;
  /** Port by name, of all parts. */
  readonly ports: Readonly<Record<string, number>>;
  /** Names of the parts that run. */
  readonly parts: readonly string[];
  /** File with the aggregator's token. */
  readonly tokenFile: string;
  /** Further environment of a part, by its name. It comes before its own. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Further arguments of the simulator. */
  readonly simulator: readonly string[];
  /** Alertmanager's configuration; undefined: that of the repository. */
  readonly alertmanagerConfig?: string | undefined;
}

/** Where a part is reached, and what for. */
export interface Address {
  readonly url: string;
  readonly what: string;
}

/** One program of the stack. A new one is a file like those beside this one, and a line in list.ts. */
export interface Part {
  /** As `--only`, `logs` and the log file have it. */
  readonly name: string;
  /** As people call it, with its version. */
  readonly title: string;
  /** Its ports by name, with their usual numbers. The names are those of `--ports`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Parts that are healthy before it starts and end after it, if they run at all. */
  readonly after: readonly string[];
  /** What it cannot run without. */
  readonly needs?: readonly Toolchain[];
  /** How it comes onto this machine; undefined: `npm ci` brings it. */
  readonly installation?: Installation;
  /** Writes its configuration, before each start. */
  prepare?(setting: Setting): void;
  command(setting: Setting): Command;
  /** Whether it serves. An error counts as no. */
  isHealthy(setting: Setting): Promise<boolean>;
  /** What is wrong although it serves, and what to do. It is looked at when it has started, and by `status`. */
  trouble?(setting: Setting): string | undefined;
  addresses(setting: Setting): readonly Address[];
  /** How long it may take to end after SIGTERM, in milliseconds. Then it is killed. */
  readonly stopMs?: number;
}

/** The port of this name. @throws Error if no part has it. */
export function portOf({ ports }: Pick<Setting, "ports">, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`No part has a port "${name}".`);
  return port;
}

/** Whether an HTTP address answers with success. */
export async function answers(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}
