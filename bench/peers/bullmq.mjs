// SPDX-License-Identifier: Apache-2.0
// node bullmq.mjs FILE always|everysec: BullMQ on Redis takes in the submissions of FILE and decides them. Jobs are added
// in bulk under the submission's key, a worker in a process of its own decides many at once, and each job with its
// outcome stays in Redis, whose append-only file is on disk as the policy says.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Queue } from 'bullmq';
import { cpuOf, folder, ownCpu, readSubmissions, remove, startServer, stopServer } from './common.mjs';

const bulk = 1000;
const [file, fsync] = process.argv.slice(2);
const submissions = readSubmissions(file);
const dir = folder();
const path = join(dir, 'redis.sock');
const redis = () => new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => null, lazyConnect: true });
const server = await startServer(
  ['redis-server', '--port', '0', '--unixsocket', path, '--dir', dir, '--appendonly', 'yes', '--appendfsync', fsync, '--save', ''],
  {},
  async () => {
    const probe = redis();
    probe.on('error', () => {});
    await probe.connect();
    await probe.ping();
    probe.disconnect();
  },
);
const connection = redis();
await connection.connect();
const queue = new Queue('intake', { connection });
await queue.waitUntilReady();
const worker = fork(new URL('./bullmq_worker.mjs', import.meta.url), [path, String(submissions.length)]);
await new Promise((r) => worker.once('message', r));

const cpu = () => ownCpu() + cpuOf(server.pid) + cpuOf(worker.pid);
const before = cpu();
const begin = process.hrtime.bigint();
const done = new Promise((r) => worker.once('message', r));
for (let n = 0; n < submissions.length; n += bulk) {
  await queue.addBulk(submissions.slice(n, n + bulk).map((s) => ({ name: 'diary', data: s, opts: { jobId: s.key } })));
}
await done;
const wall = Number(process.hrtime.bigint() - begin) / 1e9;
const used = cpu() - before;
const decided = await queue.getCompletedCount();
const aof = Number(/aof_current_size:(\d+)/.exec(await connection.info('persistence'))[1]);
console.log(JSON.stringify({ wall_s: wall, cpu_s: used, decided, kept_bytes: aof, syncs: 0 }));

worker.kill();
await queue.close();
connection.disconnect();
await stopServer(server, 'SIGTERM');
remove(dir);
