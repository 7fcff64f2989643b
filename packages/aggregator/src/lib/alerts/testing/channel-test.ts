import { onTestFinished } from "vitest";
import type { Logger } from "../../logger.ts";
import type { Channel, Outcome } from "../channels/channel.ts";
import { type ChannelMemory, temporaryMemory } from "../channels/channel-memory.ts";
import type { ChannelSettings } from "../channels/channel-types.ts";
import { createChannels } from "../channels/create-channels.ts";
import { createSender } from "../http/sender.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { messageOf, nodeLatency } from "./transitions.ts";

/** A line that was logged. */
export interface Logged {
  readonly level: "info" | "warn" | "error";
  readonly details: object;
  readonly message: string;
}

export function keepingLogger(): { readonly logger: Logger; readonly lines: readonly Logged[] } {
  const lines: Logged[] = [];
  const log = (level: Logged["level"]) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  return { logger: { info: log("info"), warn: log("warn"), error: log("error") }, lines };
}

export interface TestedChannel {
  readonly channel: Channel;
  readonly lines: readonly Logged[];
  /** Sends the first example of the contracts. */
  send(): Promise<Outcome>;
}

/** The channel `ops`, as the configuration makes it, with a sender of its own. */
export async function channelOf(
  settings: ChannelSettings,
  memory: ChannelMemory = temporaryMemory(),
  environment: Readonly<Record<string, string>> = {},
  desk?: string,
): Promise<TestedChannel> {
  const sender = createSender({ env: {}, limits: { connectMs: 2_000, answerMs: 5_000 } });
  onTestFinished(() => sender.close());
  const { logger, lines } = keepingLogger();
  const context = { send: sender.send, logger, memory, desk };
  const channels = await createChannels({ ops: settings }, environment, context);
  const ops = channels.find(({ channel }) => channel.name === "ops");
  if (ops === undefined) throw new Error("no channel was made");
  const { channel } = ops;
  return { channel, lines, send: () => channel.send(messageOf([nodeLatency]), AbortSignal.timeout(20_000)) };
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const server = await startScriptedServer();
  onTestFinished(() => server.close());
  return server;
}

/** An address where nothing listens. */
export async function deadAddress(): Promise<string> {
  const server = await startScriptedServer();
  await server.close();
  return server.url;
}
