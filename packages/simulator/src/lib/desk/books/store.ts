import type { Attributes } from "@opentelemetry/api";
import type { StoreType } from "@slipstream/telemetry";
import type { TradeTruth } from "../../truth/model.ts";
import type { Position } from "./positions.ts";

/** What the desk writes at the end of a trade. */
export interface Entry {
  readonly trade: TradeTruth;
  /** What the desk holds after it in the trade's strategy and pair; undefined if the trade changed nothing. */
  readonly position: Position | undefined;
}

/** A database that the desk writes its trades to. */
export interface Store {
  readonly type: StoreType;
  /** Of the spans of its writes. */
  readonly attributes: Attributes;
  /** How often a write is tried. */
  readonly attempts: number;
  /** Open connections at the moment. */
  readonly connections: number;
  /** Resolves once the database has the entry. Otherwise it rejects, within seconds. */
  write(entry: Entry): Promise<void>;
  /** Resolves if the database answers. Otherwise it rejects, within seconds. */
  check(): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}
