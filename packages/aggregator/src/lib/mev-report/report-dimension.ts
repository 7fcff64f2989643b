/** What the trades of a report are told apart by. */
export const reportDimensions = ["pair", "size", "protection", "hour"] as const;
export type ReportDimension = (typeof reportDimensions)[number];
