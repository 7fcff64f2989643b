import { SlipstreamError } from "@slipstream/conventions";
import { SavedFields } from "@slipstream/stats";

/** How an aggregator tells desks apart. */
export interface DeskRules {
  /** Name of its own desk, to which data without a name belongs too; "" if it has none. */
  readonly own: string;
  /** Most desks beside it that have statistics. */
  readonly most: number;
  /** A desk that has sent nothing for so long makes room for a new one if there is none, ms. Default: it never does. */
  readonly idleMs?: number;
}

/** Reads the rules as options are saved; undefined: the version that saved them did not tell desks apart. */
export function readDeskRules(saved: unknown): DeskRules | undefined {
  if (saved === undefined) return undefined;
  try {
    const fields = new SavedFields("rules of desks", saved);
    const rules = { own: fields.text("own"), most: fields.number("most") };
    return fields.any("idleMs") === undefined ? rules : { ...rules, idleMs: fields.number("idleMs") };
  } catch (cause) {
    throw new SlipstreamError("invalid_option", "desks in the log has a wrong type", {
      field: "desks",
      cause,
    });
  }
}
