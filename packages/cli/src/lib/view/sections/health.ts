import { quantity } from "@slipstream/conventions";
import { coverageOf, gapText } from "../coverage.ts";
import { percent, whole } from "../format.ts";
import { labelValues, member, numberOf, type Snapshot, statistic } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { heading, label } from "./labels.ts";
import { serviceLines } from "./services.ts";

export function healthLines(snapshot: Snapshot, most: number): Line[] {
  return [
    [heading("Health"), ...breaker(snapshot)],
    ...serviceLines(snapshot, most),
    ...storeLines(snapshot),
    [label("statistics"), ...coveragePieces(snapshot)],
    [label("sinks"), ...sinkPieces(snapshot)],
    ...deskLines(snapshot),
  ];
}

function breaker(snapshot: Snapshot): Piece[] {
  const state = statistic(snapshot, "circuit_breaker_state")?.value;
  const positions = numberOf(snapshot, "active_positions");
  return [
    "breaker ",
    state === "closed"
      ? { text: "closed", style: "good" }
      : { text: String(state ?? "unknown").replace("_", "-"), style: state === null ? "dim" : "bad" },
    positions === undefined
      ? ", open positions unknown"
      : `, ${quantity(Math.round(positions), "open position")}`,
  ];
}

/** What the services say of the data stores that they use; no line if they say nothing. */
function storeLines(snapshot: Snapshot): Line[] {
  const pieces = labelValues(snapshot, "dependency_up", "type").flatMap((type): Piece[] => {
    const up = member(snapshot, "dependency_up", { type })?.value ?? null;
    const open = member(snapshot, "active_connections", { type })?.value ?? null;
    if (up === null && open === null) return [];
    return [
      `   ${type} `,
      up === null
        ? { text: "unknown", style: "dim" }
        : { text: up === "down" ? "DOWN" : String(up), style: up === "up" ? "good" : "bad" },
      typeof open === "number" ? `, ${quantity(open, "connection")}` : "",
    ];
  });
  return pieces.length === 0 ? [] : [[label("services to"), ...pieces]];
}

function coveragePieces({ current }: Snapshot): Piece[] {
  const { percent: covered, ended, missing, largest, unnumbered } = coverageOf(current.services);
  const unknowns = unnumbered.length === 0 ? "" : `; unknown of ${whole(unnumbered.length)} without numbers`;
  if (covered === null) {
    const why = Object.keys(current.services).length === 0 ? "no spans yet" : "no service numbers its spans";
    return [{ text: `coverage not known: ${why}`, style: "dim" }];
  }
  if (missing === 0) {
    return [{ text: "cover 100 %", style: "good" }, ` of ${quantity(ended, "span")}${unknowns}`];
  }
  return [
    { text: `cover ${percent(covered, 2)}`, style: "warn" },
    `, ${quantity(missing, "span")} missing`,
    largest === undefined ? "" : `: ${largest.service} ${gapText(largest)}`,
    unknowns,
  ];
}

function sinkPieces({ readiness }: Snapshot): Piece[] {
  const log: Piece[] = readiness.log.ok
    ? ["log ", { text: "ok", style: "good" }]
    : [{ text: `log takes nothing: ${readiness.log.reason ?? "unknown reason"}`, style: "bad" }];
  const sinks = Object.entries(readiness.sinks).flatMap(
    ([name, { up, queueItems, dropped, writer }]): Piece[] => [
      `   ${name} `,
      writer?.held === false ? { text: "has another writer", style: "warn" } : upPiece(up),
      up === false && queueItems > 0 ? `, ${whole(queueItems)} waiting` : "",
      dropped > 0 ? { text: `, ${whole(dropped)} dropped`, style: "warn" } : "",
    ],
  );
  return [...log, ...sinks];
}

/** That there are several desks; no line if there is one. */
function deskLines({ readiness: { desks } }: Snapshot): Line[] {
  if (desks === undefined || desks.others === 0) return [];
  const text = `${quantity(desks.others + 1, "desk")} in all: --desk shows one, slipstream doctor lists them`;
  return [[label("desks"), { text, style: "dim" }]];
}

function upPiece(up: boolean | null): Piece {
  if (up === null) return "waiting";
  return up ? { text: "up", style: "good" } : { text: "DOWN", style: "bad" };
}
