/** The failures of the configuration API as schemas, from the one table of their wordings. */
import { type TSchema, Type } from 'typebox';
import { type FailureCode, statuses } from '../http/status.ts';
import type { DescribedApi } from './apis.ts';
import { statusOf, wordings } from './envelope.ts';

/** What can go wrong with any api. */
const common = [
  'http_malformed',
  'url_too_large',
  'headers_too_large',
  'route_unknown',
  'method_wrong',
  'token_missing',
  'token_invalid',
  'token_busy',
  'daily_limit_reached',
  'request_too_slow',
  'unavailable',
  'unexpected',
] as const satisfies readonly FailureCode[];

/** Every failure that an api can be answered with, those of its own first. */
export function failuresOf({ scope, shape }: DescribedApi): FailureCode[] {
  return [
    ...shape.failures,
    ...(shape.body === null ? [] : (['body_invalid', 'body_too_large'] as const)),
    ...(scope === null ? [] : (['permission_denied'] as const)),
    ...common,
  ];
}

export function statusOfCode(code: FailureCode): number {
  return statusOf({ code, status: statuses[code] });
}

/** What to mend. */
export const Details = Type.Array(
  Type.Object(
    {
      field: Type.String(),
      problem: Type.String({ description: 'What to mend, in plain English.' }),
      agent_id: Type.Optional(Type.String({ description: 'The agent that is in the way of a collision.' })),
    },
    { additionalProperties: false },
  ),
);

const places = { '{M}': '(GET|POST|PUT)', '{n}': '([0-9]+)', '{FIELD}': '(AGENT_DNI|AGENT_SSO)' } as const;
const samples = { '{M}': 'POST', '{n}': '1', '{FIELD}': 'AGENT_DNI' } as const;
type Place = keyof typeof places;

const replacePlaces = (text: string, by: Readonly<Record<Place, string>>): string =>
  text.replaceAll(/\{(?:M|n|FIELD)\}/g, (place) => by[place as Place]);

/** The body of a failure. */
export function failureShape(code: FailureCode): TSchema {
  const [error, msg] = wordings[code];
  const escaped = msg.replaceAll(/[().]/g, String.raw`\$&`);
  const pattern = `^${replacePlaces(escaped, places)}$`;
  return Type.Object(
    {
      code: Type.Literal(statusOfCode(code)),
      error: Type.Literal(error),
      msg: /\{\w+\}/.test(msg) ? Type.String({ pattern }) : Type.Literal(msg),
      details: Details,
    },
    { additionalProperties: false, title: code },
  );
}

/** A failure as it is answered, without details. */
export function failureExample(code: FailureCode): object {
  const [error, msg] = wordings[code];
  return { code: statusOfCode(code), error, msg: replacePlaces(msg, samples), details: [] };
}
