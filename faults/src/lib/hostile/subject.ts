import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AggregatorProcess, builtBin } from "../aggregator/process.ts";
import { GoodClient } from "./good-client.ts";
import { Turns } from "./turns.ts";

/** An aggregator whose turns are watched, with a data folder and a good client of its own. */
export class Subject implements AsyncDisposable {
  readonly aggregator: AggregatorProcess;
  readonly url: string;
  readonly client: GoodClient;
  readonly turns: Turns;

  /** Starts both. */
  static async start(folder: string): Promise<Subject> {
    mkdirSync(folder);
    const turns = new Turns(join(folder, "turns"));
    const { nodeFlags, env } = turns;
    const data = join(folder, "data");
    const aggregator = new AggregatorProcess({ data, program: builtBin, nodeFlags, env });
    const subject = new Subject(aggregator, await aggregator.ready, turns);
    subject.client.start();
    return subject;
  }

  private constructor(aggregator: AggregatorProcess, url: string, turns: Turns) {
    this.aggregator = aggregator;
    this.url = url;
    this.turns = turns;
    this.client = new GoodClient(url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.aggregator.kill();
  }
}
