/**
 * A flood of requests that are all to be refused, as a process of its own: pipelined over a connection for each form of
 * each kind, at a steady rate as far as the server answers. Reads its task as JSON from the command line, prints its result as JSON.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface FloodKind {
  name: string;
  /** The bytes of a request, in several forms: each has a connection of its own. */
  requests: string[];
  /** What every answer must hold, once. */
  words: string;
}

export interface FloodTask {
  port: number;
  seconds: number;
  /** Requests a second, over all kinds. */
  rate: number;
  kinds: FloodKind[];
}

export interface FloodResult {
  sent: number;
  seconds: number;
  /** By kind: all answers, and those that held the words. */
  answers: Record<string, { all: number; right: number }>;
}

/** Requests that may wait for their answers on a connection. */
const depth = 32;
/** Milliseconds between two bursts. */
const beat = 5;
const answerStart = 'HTTP/1.1 ';

interface Lane {
  socket: Socket;
  name: string;
  request: string;
  sent: number;
  all: number;
  right: number;
}

async function openLane(port: number, name: string, request: string, words: string): Promise<Lane> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const lane: Lane = { socket, name, request, sent: 0, all: 0, right: 0 };
  const countStarts = createCount(answerStart);
  const countWords = createCount(words);
  socket.on('data', (chunk) => {
    lane.all += countStarts(chunk);
    lane.right += countWords(chunk);
  });
  return lane;
}

/** Counts a text in a stream of chunks; across their borders too. */
function createCount(text: string): (chunk: Buffer) => number {
  let rest = '';
  return (chunk) => {
    const bytes = rest + chunk.toString('latin1');
    let count = 0;
    let after = 0;
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, after)) {
      count += 1;
      after = at + text.length;
    }
    rest = bytes.slice(Math.max(after, bytes.length - text.length + 1));
    return count;
  };
}

/** Sends what the rate allows by now; a connection that waits for too many answers is left out. */
function burst(lanes: readonly Lane[], allowed: number): number {
  const share = Math.ceil(allowed / lanes.length);
  let sent = 0;
  for (const lane of lanes) {
    const count = Math.min(share, allowed - sent, depth - (lane.sent - lane.all));
    if (count <= 0) continue;
    lane.socket.write(lane.request.repeat(count));
    lane.sent += count;
    sent += count;
  }
  return sent;
}

async function flood({ port, seconds, rate, kinds }: FloodTask): Promise<FloodResult> {
  const lanes = await Promise.all(
    kinds.flatMap(({ name, requests, words }) => requests.map((request) => openLane(port, name, request, words))),
  );
  const begin = performance.now();
  let last = begin;
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      const isOver = now - begin >= seconds * 1000;
      if (!isOver) sent += burst(lanes, Math.round(((now - last) / 1000) * rate));
      last = now;
      if (!isOver || lanes.some((lane) => lane.all < lane.sent)) return;
      clearInterval(timer);
      resolve();
    }, beat);
  });
  for (const { socket } of lanes) socket.destroy();
  const answers: FloodResult['answers'] = {};
  for (const { name, all, right } of lanes) {
    const known = (answers[name] ??= { all: 0, right: 0 });
    known.all += all;
    known.right += right;
  }
  return { sent, seconds: (last - begin) / 1000, answers };
}

console.log(JSON.stringify(await flood(JSON.parse(process.argv[2] ?? '{}') as FloodTask)));
