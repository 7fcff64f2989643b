import { z } from "zod";

/** Where a client of QuestDB sends its rows over HTTP, and how it says who it is. */
export interface ClientAddress {
  readonly url: string;
  /** `host:port`, for messages. */
  readonly http: string;
  readonly authorization: string | undefined;
  readonly tls: { readonly rejectUnauthorized: boolean; readonly ca: string | Buffer | undefined };
}

const text = z.string().min(1).optional().catch(undefined);
const httpTransport = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int(),
  secure: z.boolean(),
  // Only what speaks HTTP has it.
  requestTimeout: z.number(),
  username: text,
  password: text,
  token: text,
  tlsVerify: z.boolean().catch(true),
  tlsCA: z
    .union([z.string(), z.instanceof(Buffer)])
    .optional()
    .catch(undefined),
});

/**
 * The address of a `Sender` of `@questdb/nodejs-client`: since version 4 in its transport, before in itself.
 *
 * @returns undefined if it does not send over HTTP, or if this cannot be seen
 */
export function clientAddress(client: object): ClientAddress | undefined {
  const transport = "transport" in client ? client.transport : client;
  if (typeof transport !== "object" || transport === null) return undefined;
  const sends = httpTransport.safeParse(transport).data;
  return sends === undefined ? undefined : httpAddress(sends);
}

/** The same of what a client is made of. */
export function httpAddress(sends: {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly tlsVerify: boolean;
  readonly tlsCA?: string | Buffer | undefined;
}): ClientAddress {
  const { host, port, secure, username, password, token, tlsVerify, tlsCA } = sends;
  const http = `${host}:${port}`;
  return {
    url: `${secure ? "https" : "http"}://${http}`,
    http,
    authorization:
      token !== undefined
        ? `Bearer ${token}`
        : username === undefined
          ? undefined
          : `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`,
    tls: { rejectUnauthorized: tlsVerify, ca: tlsCA },
  };
}
