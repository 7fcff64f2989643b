export type Urgency = "low" | "normal" | "high";

export interface Haste {
  /** Number of slots in which a leader may still include the transaction, until its blockhash expires. */
  readonly deadlineSlots: number;
  /** Share of the trade's value that remains after each further slot. */
  readonly keptPerSlot: number;
  /** Worth of landing in the first slot, in basis points of the size. */
  readonly edgeBps: number;
  /** Share of the desk's trades. */
  readonly weight: number;
}

export const haste: Readonly<Record<Urgency, Haste>> = {
  low: { deadlineSlots: 20, keptPerSlot: 0.99, edgeBps: 4, weight: 0.3 },
  normal: { deadlineSlots: 8, keptPerSlot: 0.95, edgeBps: 6, weight: 0.5 },
  high: { deadlineSlots: 2, keptPerSlot: 0.75, edgeBps: 14, weight: 0.2 },
};

export const urgencies: readonly Urgency[] = ["low", "normal", "high"];
