/** Where QuestDB is, and what is to be decided of its tables. */
export interface QuestDbOptions {
  /** The client's configuration string. It may hold secrets, so it is never logged. */
  readonly conf: string;
  /** URL of the PostgreSQL wire, where it is not on the same host at port 8812. */
  readonly pgUrl?: string | undefined;
  /** Days after which QuestDB drops a partition; left as it is where undefined. */
  readonly ttlDays?: number | undefined;
}

/** What is found of a QuestDB that answers. */
export interface QuestDbFinding {
  readonly address: string;
  /** Tables of the history that are there. */
  readonly tables: readonly string[];
  /** Of these, the ones that QuestDB has stopped writing what it takes into. */
  readonly suspended: readonly string[];
}
