import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { answers, type Part, portOf } from "../parts/part.ts";

export interface SmallPartOptions {
  readonly after?: readonly string[];
  /** What it runs once it serves, as JavaScript. */
  readonly serving?: string;
  /** What it does on SIGTERM, as JavaScript; default: it ends. */
  readonly onTerm?: string;
  readonly stopMs?: number;
  readonly trouble?: string;
}

/**
 * A part that is a small Node program: an HTTP server on the port of its name. It writes its name to `order.log` in the data folder when it
 * starts to serve and when it ends.
 */
export function smallPart(name: string, options: SmallPartOptions = {}): Part {
  const { after = [], serving = "", onTerm = "end()", stopMs, trouble } = options;
  return {
    name,
    title: name,
    ports: { [name]: 1 },
    after,
    ...(stopMs === undefined ? {} : { stopMs }),
    trouble: () => trouble,
    prepare: ({ data }) => void mkdirSync(data, { recursive: true }),
    command: (setting) => ({
      program: process.execPath,
      args: ["-e", program(name, portOf(setting, name), join(setting.data, "order.log"), serving, onTerm)],
    }),
    isHealthy: (setting) => answers(`http://127.0.0.1:${portOf(setting, name)}/`),
    addresses: (setting) => [{ url: `http://127.0.0.1:${portOf(setting, name)}`, what: name }],
  };
}

function program(name: string, port: number, log: string, serving: string, onTerm: string): string {
  return oneLine(`
    const note = (text) => require("node:fs").appendFileSync(${JSON.stringify(log)}, text + "\\n");
    const end = () => { note("${name} ends"); process.exit(0); };
    process.on("SIGTERM", () => { ${onTerm} });
    const server = require("node:http").createServer((_, response) => response.end("ok"));
    server.listen(${port}, "127.0.0.1", () => { note("${name} serves"); console.log("I am ${name}"); ${serving} });
  `);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
