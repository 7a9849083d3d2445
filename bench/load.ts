/**
 * The load generator, a process of its own: one connection a token, each sending its next create when the last is
 * answered. Reads its task as JSON from the command line, prints its result as JSON.
 */
import { configurationRequest, openConnection } from '../test/support/http-connection.ts';

export interface LoadTask {
  port: number;
  tokens: string[];
  seconds: number;
  /** Empty: assigned passwords. */
  password: string;
  /** Makes the dni of one run differ from another's. */
  prefix: string;
}

export interface LoadResult {
  answers: number;
  failures: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
}

async function drive(task: LoadTask, token: string, lane: number, until: number, latencies: number[]): Promise<number> {
  const connection = await openConnection(task.port);
  let failures = 0;
  for (let index = 0; performance.now() < until; index += 1) {
    const body = JSON.stringify({
      agent_dni: `${task.prefix}${lane}-${index}`,
      agent_name: `Agent ${lane} ${index}`,
      agent_sso: `user.${task.prefix}${lane}.${index}`,
      agent_pass: task.password,
    });
    const start = performance.now();
    const answer = await connection.send(configurationRequest({ token, api: 'create_agent', body }));
    latencies.push(performance.now() - start);
    if (answer.status !== 201) failures += 1;
  }
  connection.close();
  return failures;
}

async function run(task: LoadTask): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + task.seconds * 1000;
  const failures = await Promise.all(task.tokens.map((token, lane) => drive(task, token, lane, until, latencies)));
  const elapsed = (performance.now() - start) / 1000;
  const sorted = latencies.toSorted((left, right) => left - right);
  const at = (share: number): number => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 100) / 100;
  return {
    answers: sorted.length,
    failures: failures.reduce((sum, count) => sum + count, 0),
    perSecond: Math.round(sorted.length / elapsed),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as LoadTask)));
