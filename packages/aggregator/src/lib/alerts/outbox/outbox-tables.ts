import type { DatabaseSync } from "node:sqlite";
import { array, number, object, string } from "../../stored-form/form.ts";
import type { DeliveryChange, OutboxContent, OutboxEntry } from "./delivery.ts";

/*
 * Versions of Slipstream before these tables leave them as they are. A newer form of what is in them gets tables of its own: read
 * docs/upgrade.md before you change them.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS notifications (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    desk TEXT NOT NULL,
    alert TEXT NOT NULL,
    episode INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    queued_ms INTEGER NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS notifications_episode ON notifications (alert, episode);
  CREATE INDEX IF NOT EXISTS notifications_queued ON notifications (queued_ms);
  CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (key, channel)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (channel) WHERE state = 'pending';
`;

/** Notifications are kept for this long. */
const KEEP_MS = 30 * 24 * 3_600_000;
/** At most so many of them. */
const MOST = 100_000;

const columns = "d.key, d.channel, d.attempts, n.queued_ms AS queuedMs, n.json";
const deliveryRows = array(
  object({
    key: string,
    channel: string,
    attempts: number,
    queuedMs: number,
    json: string,
  }),
);
const knownRows = array(object({ key: string, atMs: number }));
const jsonRows = array(object({ json: string }));
const keyRows = array(object({ key: string }));
const collapsedRows = array(object({ channel: string, alerts: number }));

/** Nobody is to be told any more, or somebody was and it is over: then it may be forgotten. */
const isOver = `
  NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.key = n.key AND d.state = 'pending')
  AND (n.kind NOT IN ('firing', 'escalated') OR EXISTS (
    SELECT 1 FROM notifications r
    WHERE r.alert = n.alert AND r.episode = n.episode AND r.desk = n.desk AND r.kind = 'resolved'))`;

/**
 * Notifications and what has become of them on each channel. It begins no transaction: its owner's checkpoint belongs in the same one.
 * Each write may be carried out twice.
 */
export class OutboxTables {
  readonly #insert;
  readonly #insertDelivery;
  readonly #change;
  readonly #waiting;
  readonly #told;
  readonly #known;
  readonly #collapsed;
  readonly #digests;
  readonly #prune;
  readonly #pruneMost;
  readonly #forget;

  /** Makes the tables that are missing. @param most notifications that are kept */
  constructor(database: DatabaseSync, most: number = MOST) {
    database.exec(schema);
    this.#insert = database.prepare(`
      INSERT INTO notifications (key, position, desk, alert, episode, kind, at_ms, queued_ms, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`);
    this.#insertDelivery = database.prepare(`
      INSERT INTO deliveries (key, channel, state, attempts, reason, time_ms) VALUES (?, ?, 'pending', 0, NULL, ?)
      ON CONFLICT (key, channel) DO NOTHING`);
    this.#change = database.prepare(
      "UPDATE deliveries SET state = ?, attempts = ?, reason = ?, time_ms = ? WHERE key = ? AND channel = ?",
    );
    this.#waiting = database.prepare(
      `SELECT ${columns} FROM deliveries d JOIN notifications n USING (key) WHERE d.state = 'pending' ORDER BY n.id`,
    );
    // One that was refused or dropped after an attempt without an answer may have arrived. Of each episode, the newest.
    this.#told = database.prepare(`
      SELECT ${columns}, max(n.id) FROM deliveries d JOIN notifications n USING (key)
      WHERE n.kind IN ('firing', 'escalated')
        AND (d.state = 'delivered' OR (d.state = 'refused' AND d.attempts > 1) OR (d.state = 'dropped' AND d.attempts > 0))
        AND NOT EXISTS (
          SELECT 1 FROM notifications r JOIN deliveries e USING (key)
          WHERE r.alert = n.alert AND r.episode = n.episode AND r.desk = n.desk AND r.kind = 'resolved'
            AND e.channel = d.channel AND e.state <> 'pending')
      GROUP BY d.channel, n.desk, n.alert, n.episode ORDER BY max(n.id)`);
    this.#known = database.prepare("SELECT key, at_ms AS atMs FROM notifications");
    this.#collapsed = database.prepare(`
      SELECT d.channel, count(*) AS alerts FROM deliveries d JOIN notifications n USING (key)
      WHERE d.state = 'collapsed' AND n.kind = 'resolved' AND d.time_ms > coalesce(
        (SELECT max(time_ms) FROM deliveries l WHERE l.channel = d.channel AND l.state = 'delivered'), 0)
      GROUP BY d.channel`);
    this.#digests = database.prepare(
      "SELECT json, max(id) FROM notifications WHERE kind = 'digest' GROUP BY desk",
    );
    this.#prune = database.prepare(
      `DELETE FROM notifications WHERE id IN (SELECT id FROM notifications n WHERE queued_ms < ? AND ${isOver} ORDER BY id LIMIT ?)
       RETURNING key`,
    );
    this.#pruneMost = database.prepare(`
      DELETE FROM notifications WHERE id IN (
        SELECT id FROM notifications n
        WHERE id <= (SELECT max(id) FROM notifications) - ${most}
          AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.key = n.key AND d.state = 'pending')
        ORDER BY id LIMIT ?)
      RETURNING key`);
    this.#forget = database.prepare("DELETE FROM deliveries WHERE key = ?");
  }

  write(entries: readonly OutboxEntry[], changes: readonly DeliveryChange[]): void {
    for (const { transition, position, channels, queuedMs } of entries) {
      const { key, desk = "", alert, episode, kind, atMs } = transition;
      const json = JSON.stringify(transition);
      this.#insert.run(key, position, desk, alert, episode, kind, atMs, queuedMs, json);
      for (const channel of channels) this.#insertDelivery.run(key, channel, queuedMs);
    }
    for (const { key, channel, state, attempts, reason, timeMs } of changes)
      this.#change.run(state, attempts, reason, timeMs, key, channel);
  }

  /** What is left of earlier runs. */
  content(): OutboxContent {
    return {
      waiting: deliveryRows.parse(this.#waiting.all()),
      told: deliveryRows.parse(this.#told.all()),
      known: knownRows.parse(this.#known.all()).map(({ key, atMs }) => [key, atMs]),
      digests: jsonRows.parse(this.#digests.all()).map(({ json }) => json),
      collapsed: collapsedRows.parse(this.#collapsed.all()).map(({ channel, alerts }) => [channel, alerts]),
    };
  }

  /** Forgets what is past its time, about `limit` at most. Says how many. */
  prune(nowMs: number, limit: number): number {
    const old = keyRows.parse(this.#prune.all(nowMs - KEEP_MS, limit));
    const beyond = keyRows.parse(this.#pruneMost.all(limit - old.length));
    const pruned = [...old, ...beyond];
    for (const { key } of pruned) this.#forget.run(key);
    return pruned.length;
  }
}
