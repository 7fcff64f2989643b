export type { NewRecord, RecordContent } from "./lib/log/log.ts";
export { decodeRecord } from "./lib/log/records/decode-record.ts";
export { newRecord, type RecordKind } from "./lib/log/records/record-kind.ts";
export { recordKinds } from "./lib/log/records/record-kinds.ts";
export { UnkeptLog } from "./lib/log/unkept-log.ts";
export { type Applied, Pipeline, type PipelineParts, type Stage } from "./lib/pipeline/pipeline.ts";
export { publishTo, storeIn } from "./lib/pipeline/stages.ts";
