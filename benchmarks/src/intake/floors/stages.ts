/**
 * What a floor does, each all of the one before it and one thing more: answer 200, write and sync the body to a file, search it for
 * secrets and decode it, count it in every statistic.
 */
export const stages = ["node:http", "+ file, sync", "+ decode", "+ engine"] as const;

export type FloorStage = (typeof stages)[number];
