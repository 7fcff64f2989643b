import type { EngineRecord } from "@slipstream/engine";
import type { LogRecord, NewRecord } from "../log/log.ts";
import { decodeRecord } from "../log/records/decode-record.ts";
import type { RecordKind } from "../log/records/record-kind.ts";
import { type Applied, Pipeline, type PipelineParts } from "./pipeline.ts";

export interface LogPipelineParts extends PipelineParts {
  /** Kinds of records that can be decoded. Default: all that there are. */
  readonly kinds?: readonly RecordKind[];
}

/** The straight line from the log: record of the log -> decode -> engine -> effects -> each stage. */
export class LogPipeline extends Pipeline {
  readonly #kinds: readonly RecordKind[] | undefined;

  constructor({ kinds, ...parts }: LogPipelineParts) {
    super(parts);
    this.#kinds = kinds;
  }

  /** Takes a record as the log has it. @throws SlipstreamError `log_newer`, `log_undecodable` */
  take(record: LogRecord): Applied {
    return this.apply(this.decode(record), record.position);
  }

  /** @throws SlipstreamError `log_newer`, `log_undecodable` */
  decode(record: NewRecord): EngineRecord {
    return decodeRecord(record, this.#kinds);
  }
}
