/** `docs/errors.md`: every code there is, what it means and what to do about it. */
import { maxUrlLength } from '../src/http/client-errors.ts';
import { type FailureCode, statuses } from '../src/http/status.ts';
import { jsonLimits } from '../src/http/strict-json.ts';

interface Explanation {
  meaning: string;
  remedy: string;
}

const nextRequest = 'Nothing of the request was done; ask again when it is mended.';

/** What each code means, and what the caller should do. */
const explanations: Readonly<Record<FailureCode, Explanation>> = {
  http_malformed: {
    meaning:
      'The bytes are no valid HTTP request, or have not exactly one valid `Host`; or, in the management API, the body is not JSON.',
    remedy: 'Mend the client: use an HTTP library rather than a request put together by hand.',
  },
  url_too_large: {
    meaning: `The URL has more than ${maxUrlLength} characters.`,
    remedy: 'Send the values in the body.',
  },
  headers_too_large: {
    meaning: 'The headers have more than 16384 bytes.',
    remedy: 'Send fewer or shorter headers, cookies above all.',
  },
  route_unknown: {
    meaning: 'There is nothing at this path, or no api of this name in this group.',
    remedy: 'Compare the path and the parameter `api`, in lower case, with [the document](openapi/configuration.json).',
  },
  method_wrong: { meaning: 'The api takes another method.', remedy: 'Use the method that the header `Allow` names.' },
  token_missing: { meaning: 'The header `wolkvox-token` is absent or empty.', remedy: 'Send the token in it.' },
  token_invalid: {
    meaning:
      'The token is unknown, mistyped, revoked or past its end, belongs to another operation than the Host names, or may not be used from this address. Which of these is told to nobody but the operator, in the audit trail.',
    remedy:
      'Compare the token and the host name; ask the operator to look at `roster token list` and `roster audit list`.',
  },
  permission_denied: {
    meaning: 'The token lacks the scope that this api needs.',
    remedy: 'Ask the operator for a token with the scope; the document names it for each api.',
  },
  token_busy: {
    meaning:
      "As many requests of this token as it may have at once are still under way. Nothing of this one was done, and the day's allowance was not touched.",
    remedy:
      'Send the next request when the last one is answered; or wait the seconds of `Retry-After`, or have the limit raised.',
  },
  daily_limit_reached: {
    meaning: "The token's uses of today are spent.",
    remedy:
      "Wait the seconds of `Retry-After`, which end at midnight in the operation's time zone, or have the limit raised.",
  },
  body_too_large: { meaning: 'The body has more than 65536 bytes.', remedy: 'Send less: one agent a request.' },
  body_invalid: {
    meaning: `The body is not one JSON object in UTF-8, has a key twice, is nested deeper than ${jsonLimits.depth} or has more than ${jsonLimits.keys} keys.`,
    remedy: '`details` says which. Have a library write the JSON.',
  },
  fields_missing: { meaning: 'A required field is absent or empty.', remedy: `\`details\` names each. ${nextRequest}` },
  fields_invalid: {
    meaning: 'A field breaks its rule, has the wrong type, or nearly has the name of a known one.',
    remedy: `\`details\` names each, with the rule. ${nextRequest}`,
  },
  agent_unknown: { meaning: 'No agent has this id.', remedy: 'Look the id up; ids are never used again.' },
  agent_conflict: {
    meaning: 'Another agent of the operation has this `agent_dni` or `agent_sso`.',
    remedy: '`details` names the field and the `agent_id` in the way: edit that agent, or send another value.',
  },
  operation_unknown: {
    meaning: 'There is no operation of this code.',
    remedy: 'Look the code up: `roster operation list`.',
  },
  operation_conflict: { meaning: 'There is an operation of this code already.', remedy: 'Choose another code.' },
  token_unknown: {
    meaning: 'There is no token of this id, or it has ended.',
    remedy: 'Look the id up: `roster token list`.',
  },
  idempotency_running: {
    meaning: 'An earlier request with the same `Idempotency-Key` is still under way.',
    remedy: 'Repeat the request after the seconds of `Retry-After`; it gets the answer of the first one.',
  },
  idempotency_mismatch: {
    meaning: 'The `Idempotency-Key` was used for a request with other fields within the last 24 hours.',
    remedy: 'Draw a new key for every new request; keep a key for repeats of the very same one.',
  },
  request_too_slow: {
    meaning: 'The headers or the body did not arrive in time.',
    remedy: 'Nothing was done. Look at the connection, and repeat the request.',
  },
  unavailable: {
    meaning: 'The server cannot do it now: too much waits, the disk is full, or the outcome is not known.',
    remedy:
      'Repeat the request after the seconds of `Retry-After`; a create with the same `Idempotency-Key`, so that it is done once at most.',
  },
  unexpected: {
    meaning: 'Something nobody foresaw. The answer says nothing of it; the log has it under the `x-request-id`.',
    remedy: 'Give the operator the `x-request-id`.',
  },
};

/** One dialect: whether it has the code, and how it tells it. */
export interface Dialect {
  /** What the dialect is called. */
  name: string;
  /** Undefined for a code that it never answers with. */
  tell: (code: FailureCode) => { status: number; words: string } | undefined;
}

const head = `<!-- Written by "npm run generate" from the code; a test compares. Do not edit by hand. -->

# Error codes

Every failure there is, by the code under which it stands in the log (\`outcome\`) and in the management API.
\`details\` of an answer say in plain English what to mend.
`;

/** The list as Markdown. */
export function printErrorList(dialects: readonly Dialect[]): string {
  const codes = Object.keys(explanations) as FailureCode[];
  const contents = codes.map((code) => `[${code}](#${code}) ${statuses[code]}`).join(' · ');
  const sections = codes.map((code) => {
    const { meaning, remedy } = explanations[code];
    const told = dialects.map(({ name, tell }) => {
      const { status, words } = tell(code) ?? { status: undefined, words: '' };
      return `| ${name} | ${status === undefined ? '– | never' : `${status} | ${words}`} |`;
    });
    return `## ${code}\n\n${meaning}\n\n**What to do:** ${remedy}\n\n| API | status | words |\n| --- | --- | --- |\n${told.join('\n')}\n`;
  });
  return [head, `${contents}\n`, ...sections].join('\n');
}
