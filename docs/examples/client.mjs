// SPDX-License-Identifier: Apache-2.0
// node client.mjs tcp://127.0.0.1:7600 NUMBER: an institution applies under that number; prints the answer and what was
// decided, acknowledges the measures. Follows docs/wire.md. First: npm install zeromq flatbuffers hash-wasm
import { Dealer } from "zeromq";
import { Builder } from "flatbuffers";
import { crc32, xxhash128 } from "hash-wasm";
const crc32c = async (bytes) => parseInt(await crc32(bytes, 0x82f63b78), 16);  // Castagnoli
const kinds = ["", "institution", "practitioner", "product", "diary", "post", "ad", "review", "user", "", "", "", "measure"];
const wide = (n) => [n >> 64n, n & (1n << 64n) - 1n];
const read_id = (text) => wide(BigInt(kinds.indexOf(text.split(":")[0])) << 120n | BigInt("0x" + text.split(":")[1]));
const add_id = (b, field, [hi, lo]) => { b.prep(8, 16); b.writeInt64(lo); b.writeInt64(hi); b.addFieldStruct(field, b.offset(), 0); };
function table(fields, fill, strings = []) {
  const b = new Builder(1024), texts = strings.map((s) => s && b.createString(s));
  b.startObject(fields); fill(b);
  texts.forEach((offset, n) => offset && b.addFieldOffset(n, offset, 0));
  return b.finish(b.endObject()), b.asUint8Array();
}
function sealed(magic, head, content, crc_at, set) {  // a head with magic, format 1 and a CRC in front of content
  const out = Buffer.concat([Buffer.alloc(head), content]);
  out.writeUInt32LE(magic, 0); out.writeUInt16LE(1, 4); out.writeUInt32LE(out.length, crc_at === 12 ? 8 : 12);
  set?.(out); return crc32c(out).then((crc) => (out.writeUInt32LE(crc, crc_at), out));
}
async function envelope({ workflow, type, account, subject, key, at, body }) {
  const b = new Builder(1024), digest = wide(BigInt("0x" + await xxhash128(body)));
  b.startVector(1, body.length, 8); for (let n = body.length; n-- > 0;) b.addInt8(body[n]);
  const bytes = b.endVector();
  b.startObject(15);
  b.addFieldInt64(9, at, 0n); b.addFieldInt64(10, at, 0n); b.addFieldOffset(12, bytes, 0);
  for (const [field, id] of [[4, account], [5, subject], [8, key], [11, digest]]) add_id(b, field, id);
  b.addFieldInt16(0, 1, 0); b.addFieldInt16(2, type, 0); b.addFieldInt8(1, workflow, 0);
  b.finish(b.endObject(), "ZHEN");
  return sealed(0x454c485a, 16, b.asUint8Array(), 12);
}
const socket = new Dealer({ receiveTimeout: 5000 }); socket.connect(process.argv[2]);
async function call(kind, entry) {  // one entry a frame; gives the entry that comes back
  const content = Buffer.alloc(8 + Math.ceil(entry.length / 8) * 8);
  content.writeUInt32LE(entry.length, 0); content.set(entry, 8);
  await socket.send(await sealed(0x464c485a, 24, content, 20, (f) => { f.writeUInt8(kind, 6); f.writeUInt32LE(1, 8); }));
  const [frame] = await socket.receive();
  return frame.subarray(32, 32 + frame.readUInt32LE(24));
}
async function submit(what) {  // answer_header: key 16, outcome 8, retry_after_ms 4, what 1
  const a = await call(2, await envelope({ at: BigInt(Date.now()), ...what }));
  if (a.readUInt8(28) !== 2) return { what: a.readUInt8(28), status: a.readUInt8(16), verdict: a.readUInt8(17), why: a.readUInt16LE(18) };
  await new Promise((done) => setTimeout(done, a.readUInt32LE(24)));  // busy
  return submit(what);
}
const account = read_id("institution:" + process.argv[3].padStart(30, "0"));
const body = table(8, (b) => { b.addFieldInt64(0, 42n, 0n); b.addFieldInt64(3, BigInt(Date.UTC(2020, 0)), 0n); b.addFieldInt64(4, BigInt(Date.UTC(2040, 0)), 0n); }, [, "91110105YT00001G0C", "YT00000DX44030611D1202"]);
console.log(await submit({ workflow: 1, type: 1, account, subject: account, key: account, body }));
const question = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"position":{}}')]);  // verb 2: tail
for (const line of (await call(6, question)).subarray(16).toString().trim().split("\n").slice(0, -1)) {
  const m = JSON.parse(line);
  console.log(line);
  if (m.kind !== "measure") continue;
  const effect = read_id(m.effect), ack = table(2, (b) => { add_id(b, 0, effect); b.addFieldInt32(1, m.serial, 0); });
  console.log(await submit({ workflow: 5, type: 3, account: read_id(m.account), subject: read_id(m.subject), key: effect, body: ack }));
}
