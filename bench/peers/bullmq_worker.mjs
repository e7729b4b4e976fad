// SPDX-License-Identifier: Apache-2.0
// The worker of bullmq.mjs: says when it is ready, and when it has decided everything.
import { Redis } from 'ioredis';
import { Worker } from 'bullmq';
import { judge } from './common.mjs';

const concurrency = 50;
const [path, all] = process.argv.slice(2);
const connection = new Redis({ path, maxRetriesPerRequest: null });
let left = Number(all);
const worker = new Worker('intake', async (job) => judge(job.data), { connection, concurrency });
worker.on('completed', () => {
  if (--left === 0) process.send('done');
});
await worker.waitUntilReady();
process.send('ready');
