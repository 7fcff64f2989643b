/** What a service does with its stores. Each line that it prints is a result, which must be the same with and without telemetry. */
export async function storeCalls({ pg, Redis, Sender, QueryStream, pino, env }) {
  const print = (...values) => console.log(JSON.stringify(values));
  const failure = (error) => [error.constructor.name, error.code ?? error.message.split(" ")[0]];

  const pool = new pg.Pool({ connectionString: env.PG, max: 2 });
  await pool.query("CREATE TABLE orders (id serial, note text)");
  print(
    (
      await pool.query("INSERT INTO orders (note) VALUES ($1), ('canary-literal') RETURNING id", [
        "canary-value",
      ])
    ).rows,
  );
  print(
    await new Promise((resolve) =>
      pool.query("SELECT note FROM orders", (error, { rows }) => resolve([error, rows])),
    ),
  );
  print(await pool.query("SELECT 'canary-literal'::int").catch(failure));
  print(await pool.query({ text: "SELECT pg_sleep(5)", query_timeout: 50 }).catch((error) => error.message));
  const client = await pool.connect();
  await client.query("BEGIN");
  await client.query({ text: "UPDATE orders SET note = $1", values: ["canary-value"] });
  await client.query("ROLLBACK");
  const rows = [];
  for await (const row of client.query(new QueryStream("SELECT id FROM orders"))) rows.push(row);
  print(rows);
  client.release();
  await pool.end();

  const redis = new Redis(env.REDIS);
  print(await redis.set("canary-key", "canary-value"), await redis.get("canary-key"));
  print(await redis.pipeline().incr("n").get("n").exec());
  print(await redis.multi().incr("n").incr("n").exec());
  print(await redis.call("nosuch", "canary-value").catch(failure));
  const subscriber = redis.duplicate();
  await subscriber.subscribe("fills");
  const message = new Promise((resolve) =>
    subscriber.on("message", (channel, text) => resolve([channel, text])),
  );
  await redis.publish("fills", "canary-value");
  print(await message);
  print(await redis.blpop("nothing", 0.05));
  subscriber.disconnect();
  redis.disconnect();

  const sender = await Sender.fromConfig(env.QDB);
  for (let row = 0; row < 3; row += 1)
    await sender.table("fills").stringColumn("note", "canary-value").atNow();
  print(await sender.flush(), await sender.flush());
  await sender.close();

  pino().info({ done: true }, "outside of a trace");
}
