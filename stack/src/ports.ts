import { freePort, isPortFree } from "./free-port.ts";
import type { Part } from "./parts/part.ts";

/** What `--ports` asks for. */
export interface PortWishes {
  /** Any free port, instead of the usual one, where none is named. */
  readonly free: boolean;
  readonly named: Readonly<Record<string, number>>;
}

export const usualPorts: PortWishes = { free: false, named: {} };

/**
 * Reads `free`, `NAME=PORT,...` or both.
 *
 * @throws Error that names what is wrong
 */
export function readPortWishes(text: string, parts: readonly Part[]): PortWishes {
  const names = parts.flatMap(({ ports }) => Object.keys(ports));
  const words = text.split(",").map((word) => word.trim());
  const named: Record<string, number> = {};
  for (const word of words) {
    if (word === "free") continue;
    const [name = "", value = "", ...rest] = word.split("=");
    if (!names.includes(name) || rest.length > 0) {
      throw new Error(`--ports: "${word}" is neither "free" nor NAME=PORT. Names: ${names.join(", ")}.`);
    }
    const port = Number(value);
    if (!/^\d+$/.test(value) || port < 1 || port > 65_535)
      throw new Error(`--ports: "${word}" needs a port from 1 to 65535.`);
    if (Object.hasOwn(named, name)) throw new Error(`--ports: ${name} is there twice.`);
    named[name] = port;
  }
  return { free: words.includes("free"), named };
}

/**
 * A port for every name of every part, of those that do not run too: others are told where they would be.
 *
 * @throws Error if two have the same
 */
export async function planPorts(
  parts: readonly Part[],
  { free, named }: PortWishes,
): Promise<Readonly<Record<string, number>>> {
  const plan: Record<string, number> = { ...named };
  for (const [name, usual] of parts.flatMap(({ ports }) => Object.entries(ports))) {
    plan[name] ??= free ? await another(Object.values(plan)) : usual;
  }
  const entries = Object.entries(plan);
  for (const [name, port] of entries) {
    const same = entries.filter(([, other]) => other === port).map(([other]) => other);
    if (same.length > 1 && same[0] === name)
      throw new Error(`--ports: ${same.join(" and ")} have the same port ${port}.`);
  }
  return plan;
}

/** @throws Error that lists every port of these parts that another program has */
export async function checkPorts(
  parts: readonly Part[],
  plan: Readonly<Record<string, number>>,
): Promise<void> {
  const taken: [part: string, name: string, port: number][] = [];
  for (const part of parts) {
    for (const name of Object.keys(part.ports)) {
      const port = plan[name];
      if (port !== undefined && !(await isPortFree(port))) taken.push([part.name, name, port]);
    }
  }
  const [first] = taken;
  if (first === undefined) return;
  const [, name, port] = first;
  const other = port + 10_000 > 65_535 ? port - 10_000 : port + 10_000;
  throw new Error(
    [
      ...taken.map(([part, , port]) => `Port ${port}, which ${part} needs, is in use by another program.`),
      `End that program, or choose another port, such as --ports ${name}=${other}, or free ports for all: --ports free.`,
    ].join("\n"),
  );
}

async function another(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (!taken.includes(port)) return port;
  }
}
