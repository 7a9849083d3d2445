/**
 * The load generator, a process of its own: one keep-alive connection a token, each sending its next create when the last
 * is answered. It shares the machine with the server it measures, so it is made to cost little: requests are one text,
 * answers are looked at in one reused buffer.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { MeasurementTime } from './measurement.ts';
import { announceMeasuring, printResult, readTask } from './program.ts';
import { describeLatencies, type Latencies } from './statistics.ts';

export interface LoadTask extends MeasurementTime {
  port: number;
  /** One connection each; all of them warm the server up. */
  tokens: string[];
  /** How many of them are measured. */
  lanes: number;
  /** Empty: the server assigns one. */
  password: string;
  /** Begins every dni, so that two loads of one server do not collide. */
  prefix?: string;
}

export interface LoadResult extends Latencies {
  answers: number;
  /** Answers that were not 201. */
  failures: number;
  perSecond: number;
  /** Processor time of the generator itself, as a share of one processor. */
  processorShare: number;
}

/** One connection: sends a text, waits for its answer. */
interface Lane {
  number: number;
  socket: Socket;
  /** The request up to its body's length. */
  head: string;
  sent: number;
  sentAt: number;
  received: string;
  /** Called with an answer's status. */
  answered: (status: number) => void;
}

const bufferBytes = 16 * 1024;

async function openLane({ port }: LoadTask, token: string, number: number): Promise<Lane> {
  const onread = {
    buffer: Buffer.allocUnsafe(bufferBytes),
    callback(bytes: number, buffer: Uint8Array) {
      takeBytes(lane, (buffer as Buffer).toString('latin1', 0, bytes));
      return true;
    },
  };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
  const head = [
    'POST /api/v2/configuration.php?api=create_agent HTTP/1.1',
    'Host: wv0001.localhost',
    `wolkvox-token: ${token}`,
    'Content-Type: text/plain',
    'Content-Length: ',
  ].join('\r\n');
  const lane: Lane = { number, socket, head, sent: 0, sentAt: 0, received: '', answered: () => undefined };
  await once(socket, 'connect');
  socket.on('close', () => {
    throw new Error('the server closed a connection');
  });
  return lane;
}

function takeBytes(lane: Lane, text: string): void {
  const received = lane.received === '' ? text : lane.received + text;
  const end = received.indexOf('\r\n\r\n');
  const length = end === -1 ? undefined : /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
  if (length === undefined || received.length < end + 4 + Number(length)) {
    lane.received = received;
    return;
  }
  lane.received = '';
  lane.answered(Number(received.slice(9, 12)));
}

function sendCreate(lane: Lane, { password, prefix = '' }: LoadTask): void {
  const name = `${prefix}${lane.number}-${lane.sent}`;
  lane.sent += 1;
  const pass = password === '' ? '' : `,"agent_pass":"${password}"`;
  const body = `{"agent_dni":"${name}","agent_name":"Agent ${name}","agent_sso":"user.${name}"${pass}}`;
  lane.sentAt = performance.now();
  lane.socket.write(`${lane.head}${body.length}\r\n\r\n${body}`, 'latin1');
}

/** Drives the lanes for some seconds; each finishes its last request. */
async function drive(lanes: readonly Lane[], seconds: number, task: LoadTask): Promise<LoadResult> {
  const latencies: number[] = [];
  let failures = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const until = start + seconds * 1000;
  const driveLane = (lane: Lane): Promise<void> =>
    new Promise((resolve) => {
      lane.answered = (status) => {
        const now = performance.now();
        latencies.push(now - lane.sentAt);
        if (status !== 201) failures += 1;
        if (now < until) sendCreate(lane, task);
        else resolve();
      };
      sendCreate(lane, task);
    });
  await Promise.all(lanes.map((lane) => driveLane(lane)));
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const answers = latencies.length;
  return {
    answers,
    failures,
    perSecond: answers / elapsed,
    ...describeLatencies(latencies),
    processorShare: (user + system) / 1e6 / elapsed,
  };
}

const task = readTask<LoadTask>();
const lanes = await Promise.all(task.tokens.map((token, number) => openLane(task, token, number)));
await drive(lanes, task.warmUpSeconds, task);
announceMeasuring();
printResult(await drive(lanes.slice(0, task.lanes), task.seconds, task));
process.exit(0);
