import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { debianPackage } from "../install/debian-package.ts";
import { type Part, portOf } from "./part.ts";
import { redisUrl } from "./urls.ts";

/** Arguments of redis-server on a loopback port, with its files in a folder. */
export function redisArguments(port: number, folder: string, save: string): readonly string[] {
  return ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", save];
}

export const redis: Part = {
  name: "redis",
  title: "Redis",
  ports: { redis: 6379 },
  after: [],
  installation: debianPackage("redis-server"),
  prepare: ({ data }) => void mkdirSync(join(data, "redis"), { recursive: true, mode: 0o700 }),
  command: (setting) => ({
    program: "redis-server",
    args: redisArguments(portOf(setting, "redis"), join(setting.data, "redis"), "60 1"),
  }),
  isHealthy: (setting) => answersPing(portOf(setting, "redis")),
  addresses: (setting) => [{ url: redisUrl(setting), what: "Redis: the dashboards' keys" }],
};

/** While it loads its files, Redis answers with an error. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => done(false));
    socket.once("data", (chunk) => done(chunk.toString().startsWith("+PONG")));
    socket.once("error", () => done(false));
  });
}
