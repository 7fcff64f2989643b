import { writeFileSync } from "node:fs";
import { WebSocket } from "ws";
import { followTransports } from "../../lib/auto/transport/install.ts";

// Loaded before a program of cases: follows its requests, and writes what it saw into a file when the process exits.

/** One request, as an observer got it. */
export interface Seen {
  readonly transport: string;
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly bodyKnown: boolean;
  sent?: string | undefined;
  status?: number;
  end?: string;
  answer?: unknown;
  error?: string;
}

const { SEEN_FILE = "", ADD_HEADERS = "", BREAK = "" } = process.env;
const seen: Seen[] = [];
const problems: string[] = [];

const transports = followTransports(
  {
    opened: () => {
      const breaks = (): void => {
        if (BREAK === "sockets") throw new Error("broken on purpose");
      };
      return { sent: breaks, received: breaks, closed: breaks };
    },
    started({ transport, method, url, body, bodyKnown }) {
      if (BREAK === "started") throw new Error("broken on purpose");
      const entry: Seen = { transport, method, url, body, bodyKnown };
      seen.push(entry);
      const breaks = (): void => {
        if (BREAK === "followers") throw new Error("broken on purpose");
      };
      return {
        headers: ADD_HEADERS === "" ? undefined : { traceparent: "00-1-2-01" },
        wantsBody: true,
        sent: (sent) => {
          entry.sent = sent;
          breaks();
        },
        answered: (status) => {
          entry.status = status;
          breaks();
        },
        ended: (answer) => {
          entry.end = "ended";
          entry.answer = answer;
          breaks();
        },
        failed: (error, _, aborted) => {
          entry.end = aborted ? "aborted" : "failed";
          entry.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
          breaks();
        },
      };
    },
  },
  (problem) => problems.push(problem),
);

transports.followWs(WebSocket);

process.on("exit", () => {
  transports.settle();
  writeFileSync(SEEN_FILE, JSON.stringify({ seen, problems }));
});
