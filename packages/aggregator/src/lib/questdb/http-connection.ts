import { SlipstreamError } from "@slipstream/conventions";
import { Agent, request } from "undici";
import { z } from "zod";
import type { ClientAddress } from "./client-address.ts";
import type { QuestDbConnection } from "./connection.ts";
import { reasonOf, TRUST_HTTP } from "./failure.ts";

const answer = z.object({ dataset: z.array(z.array(z.unknown())).default([]) });
const refused = z.object({ error: z.string() });

/** QuestDB's SQL over HTTP (`/exec`), for who knows no address of its PostgreSQL port. Queries take no parameters. */
export function connectByHttp(address: ClientAddress, timeoutMs: number): QuestDbConnection {
  const agent = new Agent({ connect: address.tls, keepAliveTimeout: 60_000 });
  return {
    async query(sql) {
      const { status, body } = await send(`${address.url}/exec?query=${encodeURIComponent(sql)}`);
      if (status === 401 || status === 403) {
        throw new SlipstreamError(
          "questdb_denied",
          `QuestDB at ${address.http} refuses SQL over HTTP with the client's name, password or token.`,
          { field: "questdb" },
        );
      }
      const parsed: unknown = asJson(body);
      if (status === 200) return answer.parse(parsed).dataset;
      throw new Error(
        refused.safeParse(parsed).data?.error ?? `QuestDB at ${address.http} answered ${status}.`,
      );
    },
    close: async () => agent.destroy().catch(() => {}),
  };

  async function send(url: string): Promise<{ readonly status: number; readonly body: string }> {
    try {
      const { statusCode, body } = await request(url, {
        dispatcher: agent,
        headers: address.authorization === undefined ? {} : { authorization: address.authorization },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: statusCode, body: await body.text() };
    } catch (error) {
      throw new SlipstreamError(
        "questdb_unreachable",
        `QuestDB cannot be reached at ${address.http}: ${reasonOf(error, TRUST_HTTP)}.`,
        { field: "questdb", cause: error },
      );
    }
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
