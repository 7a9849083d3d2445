/** One request to Roster, repeated where that is safe. Node 20 or newer, no package. */
import { setTimeout as pause } from 'node:timers/promises';

const url = process.env.ROSTER_URL ?? 'http://127.0.0.1:8080';
const token = process.env.ROSTER_TOKEN;
const tries = 8;
/** Seconds; a longer Retry-After is that of a daily limit. */
const longestWait = 60;

/** Roster refused the request. Repeating it as it is will not help. */
export class RosterError extends Error {
  constructor(status, answer, requestId) {
    const problems = (answer.details ?? []).map(({ field, problem }) => `${field} ${problem}`);
    super(`${status} ${answer.msg} ${problems.join('; ')} [${requestId}]`);
    this.status = status;
    this.details = answer.details ?? [];
  }
}

/** Gives the answer and its headers. Every repeat sends the same body and the same key. */
export async function call(method, api, body, key) {
  const headers = { 'wolkvox-token': token, 'content-type': 'application/json' };
  if (key !== undefined) headers['idempotency-key'] = key;
  const options = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  let status;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const received = await send(api, options);
    status = received.status;
    if (status >= 200 && status < 300) return received;
    const wait = secondsToWait(received, attempt);
    if (wait === undefined) throw new RosterError(status, received.answer, received.headers.get('x-request-id'));
    await pause(wait * 1000);
  }
  throw new Error(`no success after ${tries} tries; the last status was ${status}`);
}

/** One try. The status is undefined when the answer did not arrive: the agent may exist all the same. */
async function send(api, options) {
  try {
    const response = await fetch(`${url}/api/v2/${api}`, { ...options, signal: AbortSignal.timeout(30_000) });
    const text = await response.text();
    return { status: response.status, answer: readAnswer(response, text), headers: response.headers };
  } catch {
    return { status: undefined, answer: {}, headers: new Headers() };
  }
}

function readAnswer({ ok }, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (ok) throw error;
    return {}; // a proxy's own page
  }
}

/** How long to wait before the same request is sent again; undefined: do not repeat it. */
function secondsToWait({ status, headers }, attempt) {
  const retryAfter = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) <= longestWait ? Number(retryAfter) : undefined;
  return [undefined, 408, 502, 503, 504].includes(status) ? Math.min(2 ** (attempt - 1), 30) : undefined;
}
