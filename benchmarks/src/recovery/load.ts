import { Bodies } from "../intake/bodies.ts";
import { Connection, HEADER_BYTES } from "../intake/connection.ts";
import { SPANS } from "../intake/template.ts";

const CONNECTIONS = 8;

/** Unique spans, sent as fast as they are acknowledged, to one aggregator after the other. */
export class RecoveryLoad {
  readonly #bodies: Bodies = new Bodies(1);
  #acknowledged = 0;
  #bytes = 0;

  /** Spans that were acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Bytes of the bodies that were acknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sends until so many bytes are acknowledged in all, or the aggregator is killed. */
  async send(url: string, untilBytes: number): Promise<void> {
    const connections = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => Connection.open(new URL(url))),
    );
    const sendOn = async (connection: Connection): Promise<void> => {
      const buffer = Buffer.alloc(HEADER_BYTES + this.#bodies.longest);
      while (this.#bytes < untilBytes) {
        const { bytes } = this.#bodies.writeNext(Date.now(), buffer, HEADER_BYTES);
        await connection.post(buffer, bytes);
        this.#acknowledged += SPANS;
        this.#bytes += bytes;
      }
    };
    try {
      await Promise.all(connections.map(sendOn));
    } finally {
      for (const connection of connections) connection.close();
    }
  }
}
