/** Statements of SQL that write, in small letters. */
export const sqlWrites: ReadonlySet<string> = words("insert update delete upsert merge replace");
/** Commands of Redis that write, in small letters. */
export const redisWrites: ReadonlySet<string> = words(
  "set setex psetex setnx mset msetnx setrange setbit getset getdel append add replace cas " +
    "incr incrby incrbyfloat decr decrby del delete unlink expire expireat pexpire pexpireat persist rename renamenx copy " +
    "hset hsetnx hmset hdel hincrby hincrbyfloat lpush lpushx rpush rpushx lset linsert lrem ltrim lpop rpop lmove rpoplpush " +
    "sadd srem spop smove sinterstore sunionstore sdiffstore zadd zincrby zrem zremrangebyscore zremrangebyrank " +
    "zremrangebylex zpopmin zpopmax zrangestore zunionstore zinterstore zdiffstore xadd xdel xtrim xack xgroup " +
    "pfadd pfmerge geoadd bitop bitfield publish flushdb flushall ts.add ts.madd json.set",
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
