import { existsSync, type PathOrFileDescriptor, readFileSync } from "node:fs";
import { SenderOptions } from "@questdb/nodejs-client";
import { SlipstreamError } from "@slipstream/conventions";
import type { ClientConfig } from "pg";
import { type ClientAddress, httpAddress } from "./client-address.ts";

/** Where QuestDB is, for writing (HTTP) and for definitions and reading (the PostgreSQL wire). */
export interface QuestDbAddress {
  /** The client's configuration string. It may hold secrets, so it is never logged. */
  readonly conf: string;
  /** `host:port` of HTTP, for messages. */
  readonly http: string;
  readonly pg: ClientConfig;
  /** `host:port` of the PostgreSQL wire, for messages. */
  readonly pgAddress: string;
}

const PG_PORT = 8812;
const EXAMPLE = "http::addr=127.0.0.1:9000;username=NAME;password=SECRET;";
const PG_EXAMPLE = "postgres://admin:quest@127.0.0.1:8812/qdb";

/**
 * Reads QuestDB's configuration string, as its clients take it. The PostgreSQL wire is on the same host, port 8812, with
 * the same name and password or else QuestDB's own defaults, over TLS where HTTP is; `pgUrl` says otherwise.
 *
 * @throws SlipstreamError `questdb_conf` where either cannot be used. Its message shows no value.
 */
export function questDbAddress(conf: string, pgUrl?: string): QuestDbAddress {
  const { protocol, host = "", port, username, password, tls_verify, tls_ca } = parse(conf);
  if (protocol !== "http" && protocol !== "https") {
    throw unusable(
      "its protocol must be http or https, for only HTTP says when rows are committed",
      "questdb",
    );
  }
  const http = `${host}:${port}`;
  if (pgUrl !== undefined) return { conf, http, ...fromUrl(pgUrl) };
  return {
    conf,
    http,
    pgAddress: `${host}:${PG_PORT}`,
    pg: {
      host,
      port: PG_PORT,
      user: username ?? "admin",
      password: password ?? "quest",
      database: "qdb",
      ssl: protocol === "https" && {
        rejectUnauthorized: tls_verify !== false,
        ...(tls_ca !== undefined && { ca: certificate(tls_ca) }),
      },
    },
  };
}

/** Where the client sends rows, and with which login. @throws SlipstreamError `questdb_conf` */
export function questDbHttp(conf: string): ClientAddress {
  const { protocol, host = "", port = 9000, username, password, token, tls_verify, tls_ca } = parse(conf);
  return httpAddress({
    host,
    port,
    secure: protocol === "https",
    username,
    password,
    token,
    tlsVerify: tls_verify !== false,
    tlsCA: tls_ca === undefined ? undefined : certificate(tls_ca),
  });
}

function certificate(file: PathOrFileDescriptor): Buffer {
  const content = read(file);
  // OpenSSL ignores a file that holds none.
  if (!content.includes("-----BEGIN"))
    throw unusable("the file that tls_ca names holds no certificate in PEM form", "questdb");
  return content;
}

function read(file: PathOrFileDescriptor): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unusable(`tls_ca cannot be read (${error instanceof Error ? error.message : error})`, "questdb");
  }
}

function parse(conf: string): SenderOptions {
  try {
    return new SenderOptions(conf);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What is quoted may be a password, or the part of one behind a semicolon.
    throw unusable(message.replace(/'.*'/s, "(not shown)"), "questdb");
  }
}

function fromUrl(url: string): Pick<QuestDbAddress, "pg" | "pgAddress"> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.hostname === "") {
    throw new SlipstreamError(
      "questdb_conf",
      `The address of QuestDB's PostgreSQL wire is no URL of one. Give one like ${PG_EXAMPLE}.`,
      { field: "questdbPg" },
    );
  }
  for (const name of ["sslrootcert", "sslcert", "sslkey"]) {
    const file = parsed.searchParams.get(name);
    if (!file || existsSync(file)) continue;
    throw new SlipstreamError(
      "questdb_conf",
      `The file that ${name} names in questdbPg (--questdb-pg, SLIPSTREAM_QUESTDB_PG) does not exist: ${file}.`,
      { field: "questdbPg" },
    );
  }
  return { pg: { connectionString: url }, pgAddress: `${parsed.hostname}:${parsed.port || PG_PORT}` };
}

function unusable(reason: string, field: string): SlipstreamError {
  return new SlipstreamError(
    "questdb_conf",
    `QuestDB's configuration string cannot be used: ${reason}. Give one like ${EXAMPLE}`,
    { field },
  );
}
