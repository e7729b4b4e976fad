// SPDX-License-Identifier: Apache-2.0
// What the peers share: the submissions, a server in a folder of its own, and the CPU time of everybody involved.
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ticks = 100; // of /proc, a second

/** The lines of a trace's submissions as objects. */
export function readSubmissions(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** The one judgement: whatever has a text is approved. */
export function judge(submission) {
  return { verdict: submission.text.length > 0 ? 'approve' : 'reject' };
}

export function folder(owner) {
  const made = mkdtempSync(join(tmpdir(), 'zhili-peer-'));
  if (owner) chownSync(made, owner.uid, owner.gid);
  return made;
}

export function remove(path) {
  rmSync(path, { recursive: true, force: true });
}

/** Starts a server; it is ready when `ready` does not throw any more. */
export async function startServer(command, options, ready) {
  const server = spawn(command[0], command.slice(1), { stdio: 'ignore', ...options });
  // Whoever ends, for whatever reason, leaves no server behind.
  process.once('exit', () => server.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  let ended = null;
  server.on('error', (e) => (ended = e.message));
  server.on('exit', (code) => (ended ??= `it ended with ${code}`));
  for (let n = 0; ; ++n) {
    try {
      await ready();
      return server;
    } catch (e) {
      if (ended !== null || n > 200) throw new Error(`${command[0]}: ${ended ?? e.message}`);
      await new Promise((r) => setTimeout(r, 50));
    }
  }
}

export async function stopServer(server, signal) {
  const gone = new Promise((r) => server.once('exit', r));
  server.kill(signal);
  await gone;
}

/** Seconds of CPU of a process, of those of its children that have ended, and of those that live. */
export function cpuOf(pid) {
  const own = stat(pid);
  const live = readdirSync('/proc').filter((p) => /^\d+$/.test(p)).map(stat).filter((s) => s && s.parent === pid);
  return live.reduce((sum, s) => sum + s.cpu, own.cpu + own.ended);
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const f = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: f[1], cpu: (f[11] + f[12]) / ticks, ended: (f[13] + f[14]) / ticks };
  } catch {
    return null;
  }
}

export function ownCpu() {
  const u = process.cpuUsage();
  return (u.user + u.system) / 1e6;
}
