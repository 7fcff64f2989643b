import { json, type Place, type Reply, type StandIn, type StandInRequest, serve } from "./server.ts";
import type { Temper } from "./temper.ts";

export interface StoreStandIn extends StandIn {
  /** Number of rows accepted so far. */
  readonly rows: number;
}

const WRITE_MEDIAN_MS = 3;
/** A row in line protocol: table and symbols, fields, time in nanoseconds. */
const ROW = /^[^\s,]+(,\S+=\S+)* \S+=\S+ \d+$/;

/** A stand-in for QuestDB: accepts rows in InfluxDB line protocol by `POST /write` and counts them. */
export async function startStore(temper: Temper, place: Place): Promise<StoreStandIn> {
  let rows = 0;
  const server = await serve(async (request) => {
    if (request.method === "GET" && request.url.pathname === "/ping") return { status: 204, body: "" };
    if (request.method !== "POST" || request.url.pathname !== "/write") return { status: 404, body: "" };
    const fault = await temper.take(WRITE_MEDIAN_MS);
    if (fault === "dropped") return "drop";
    if (fault !== undefined) return refuse(500, "internal error", "table busy");
    const reply = check(request);
    if (reply === undefined) rows += request.body.trimEnd().split("\n").length;
    return reply ?? { status: 204, body: "" };
  }, place);
  return {
    ...server,
    get rows() {
      return rows;
    },
  };
}

function check({ body }: StandInRequest): Reply | undefined {
  const lines = body.trimEnd().split("\n");
  const wrong = lines.findIndex((line) => !ROW.test(line));
  return wrong < 0 ? undefined : refuse(400, "invalid", `failed to parse line protocol`, wrong + 1);
}

function refuse(status: number, code: string, message: string, line?: number): Reply {
  return json(status, { code, message, ...(line !== undefined && { line }), errorId: "stand-in" });
}
