// SPDX-License-Identifier: Apache-2.0
// node pgboss.mjs FILE: pg-boss on PostgreSQL takes in the submissions of FILE and decides them. Jobs are inserted in bulk
// under the submission's key while a fetcher takes and completes many at once; each job with its outcome stays in its table.
// fsync and synchronous_commit are on.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { cpuOf, folder, judge, ownCpu, readSubmissions, remove, startServer, stopServer } from './common.mjs';

const bulk = 1000;
const batch = 500;
const fetchers = 1;
const submissions = readSubmissions(process.argv[2]);

// PostgreSQL does not run as root.
const id = (flag) => Number(execFileSync('id', [flag, 'postgres']));
const owner = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : null;
const versions = '/usr/lib/postgresql';
const bin = join(versions, readdirSync(versions).sort((a, b) => a - b).at(-1), 'bin');
const dir = folder(owner);
const data = join(dir, 'data');
execFileSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench', '--no-instructions'], { ...owner, cwd: dir, stdio: 'ignore' });
const login = { host: dir, user: 'bench', database: 'postgres' };
const server = await startServer(
  [join(bin, 'postgres'), '-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'synchronous_commit=on', '-c', 'fsync=on',
   '-c', 'shared_buffers=1GB', '-c', 'max_wal_size=4GB'],
  { ...owner, cwd: dir },
  async () => {
    const probe = new pg.Client(login);
    await probe.connect();
    await probe.end();
  },
);
const boss = new PgBoss({ ...login, max: 4, supervise: false, schedule: false });
boss.on('error', (e) => console.error(e.message));
await boss.start();
await boss.createQueue('intake');
const db = new pg.Client(login);
await db.connect();
const wal = async () =>
  (await db.query("select wal_sync::float8 as syncs, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes from pg_stat_wal")).rows[0];

const uuid = (key) => key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const cpu = () => ownCpu() + cpuOf(server.pid);
const walBefore = await wal();
const before = cpu();
const begin = process.hrtime.bigint();
let left = submissions.length;
async function fetchAll() {
  while (left > 0) {
    const jobs = await boss.fetch('intake', { batchSize: batch });
    if (jobs.length === 0) continue;
    const outcomes = jobs.map((job) => judge(job.data));
    // One outcome for all of a batch: the judgement is a constant.
    await boss.complete('intake', jobs.map((job) => job.id), outcomes[0]);
    left -= jobs.length;
  }
}
const fetching = Array.from({ length: fetchers }, fetchAll);
for (let n = 0; n < submissions.length; n += bulk) {
  await boss.insert(submissions.slice(n, n + bulk).map((s) => ({ id: uuid(s.key), name: 'intake', data: s })));
}
await Promise.all(fetching);
const wall = Number(process.hrtime.bigint() - begin) / 1e9;
const used = cpu() - before;
// A connection tells of its syncs when it ends.
await boss.stop({ graceful: false });
const decided = Number((await db.query("select count(*) from pgboss.job where name = 'intake' and state = 'completed' and output is not null")).rows[0].count);
const walAfter = await wal();
console.log(JSON.stringify({ wall_s: wall, cpu_s: used, decided, kept_bytes: walAfter.bytes - walBefore.bytes, syncs: walAfter.syncs - walBefore.syncs }));

await db.end();
await stopServer(server, 'SIGINT');
remove(dir);
