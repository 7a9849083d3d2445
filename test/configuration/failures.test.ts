/** Every case of the contract's failure table: exact code, error, msg and details, and the order of the checks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, ask, callApi, newDni, paths, type Question } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let readOnly: string;

before(async () => {
  server = await startServer();
  readOnly = (await server.admin.createToken('0001', { scopes: ['agents:read'] })).token;
});
after(() => server.remove());

interface Failure {
  name: string;
  question: (token: string) => Question;
  code: number;
  error: string;
  msg: string;
  details?: unknown[];
  headers?: Record<string, string>;
}

const good = { agent_dni: '1', agent_name: 'Ana' };
const create =
  (body: string | Buffer | object, headers: Record<string, string | string[]> = {}) =>
  (token: string): Question => ({
    method: 'POST',
    path: paths.create,
    headers: { 'wolkvox-token': token, ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
const at =
  (method: string, path: string, body?: string) =>
  (token: string): Question => ({
    method,
    path,
    headers: { 'wolkvox-token': token },
    ...(body === undefined ? {} : { body }),
  });

const noApi = { code: 400, error: 'BAD REQUEST', msg: 'THE API YOU WANT TO CONSULT DOES NOT EXIST' };
const badBody = { code: 400, error: 'BAD REQUEST', msg: 'THE BODY MUST BE ONE JSON OBJECT' };
const missing = { code: 400, error: 'BAD REQUEST', msg: 'SOME PARAMETERS ARE REQUIRED' };
const invalid = { code: 400, error: 'BAD REQUEST', msg: 'SOME PARAMETERS ARE NOT VALID' };
const badToken = { code: 403, error: 'FORBIDDEN', msg: 'PLEASE VALIDATE TOKEN' };
const unknownAgent = { code: 404, error: 'NOT FOUND', msg: 'THE AGENT DOES NOT EXIST' };
const body = (problem: string): unknown[] => [{ field: 'body', problem }];
const field = (name: string, problem: string): unknown[] => [{ field: name, problem }];
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const keys = (count: number): string =>
  `{"agent_dni":"1",${Array.from({ length: count - 1 }, (_, index) => `"key${index}":1`).join(',')}}`;
const longest = (text: string, problem: string): unknown[] => field(text, problem);

const failures: Failure[] = [
  { name: 'unknown api', question: at('POST', '/api/v2/configuration.php?api=destroy_agent'), ...noApi },
  { name: 'no api', question: at('POST', '/api/v2/configuration.php'), ...noApi },
  { name: 'api of the other group', question: at('GET', '/api/v2/information.php?api=create_agent'), ...noApi },
  { name: 'api in other case', question: at('POST', '/api/v2/configuration.php?api=Create_Agent'), ...noApi },
  { name: 'other path', question: at('GET', '/api/v2/campaign.php?api=create_agent'), ...noApi },
  { name: 'the bare prefix', question: at('GET', '/api/v2/'), ...noApi },
  { name: 'an unusual method on an unknown path', question: at('PROPFIND', '/api/v2/nothing'), ...noApi },
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method): Failure => ({
    name: `${method} on create_agent`,
    question: at(method, paths.create),
    code: 405,
    error: 'METHOD NOT ALLOWED',
    msg: 'USE THE METHOD POST',
    headers: { allow: 'POST' },
  })),
  {
    name: 'POST on edit_agent',
    question: at('POST', paths.edit('10000'), '{}'),
    code: 405,
    error: 'METHOD NOT ALLOWED',
    msg: 'USE THE METHOD PUT',
    headers: { allow: 'PUT' },
  },
  {
    name: 'POST on agents',
    question: at('POST', paths.agents, '{}'),
    code: 405,
    error: 'METHOD NOT ALLOWED',
    msg: 'USE THE METHOD GET',
    headers: { allow: 'GET' },
  },
  {
    name: 'no token',
    question: () => create(good)(''),
    code: 401,
    error: 'UNAUTHORIZED',
    msg: 'PLEASE ENTER THE WOLKVOX-TOKEN',
  },
  {
    name: 'no token header',
    question: () => ({ method: 'POST', path: paths.create, body: '{}' }),
    code: 401,
    error: 'UNAUTHORIZED',
    msg: 'PLEASE ENTER THE WOLKVOX-TOKEN',
  },
  { name: 'malformed token', question: () => create(good)('abc'), ...badToken },
  {
    name: 'unknown token',
    question: () => create(good)('rst_0001_AAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAA_000000'),
    ...badToken,
  },
  {
    name: 'right token with a wrong checksum',
    question: (token) => create(good)(token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a')),
    ...badToken,
  },
  {
    name: "under another operation's host",
    question: (token) => create(good, { host: 'wv0002.localhost' })(token),
    ...badToken,
  },
  {
    name: 'scope',
    question: () => create(good)(readOnly),
    code: 403,
    error: 'FORBIDDEN',
    msg: 'THE TOKEN DOES NOT ALLOW THIS API',
  },
  {
    name: 'body too large',
    question: create(`{"agent_dni":"${'1'.repeat(65_536)}"}`),
    code: 413,
    error: 'PAYLOAD TOO LARGE',
    msg: 'THE BODY EXCEEDS 65536 BYTES',
  },
  { name: 'empty body', question: create(''), ...badBody, details: body('is empty') },
  { name: 'not JSON', question: create('agent_dni=1&agent_name=Ana'), ...badBody, details: body('is not JSON') },
  { name: 'truncated', question: create('{"agent_dni":"1"'), ...badBody, details: body('is not JSON') },
  { name: 'trailing text', question: create('{"agent_dni":"1"} x'), ...badBody, details: body('is not JSON') },
  {
    name: 'an array',
    question: create('[{"agent_dni":"1"}]'),
    ...badBody,
    details: body('is JSON, but not an object'),
  },
  { name: 'null', question: create('null'), ...badBody, details: body('is JSON, but not an object') },
  {
    name: 'not UTF-8',
    question: create(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    ...badBody,
    details: body('is not UTF-8'),
  },
  {
    name: 'UTF-16',
    question: create(Buffer.from('\uFEFF{"agent_dni":"1"}', 'utf16le')),
    ...badBody,
    details: body('is not UTF-8'),
  },
  {
    name: 'a key twice',
    question: create('{"agent_dni":"1","agent_name":"A","agent_dni":"2"}'),
    ...badBody,
    details: body('has the key "agent_dni" twice'),
  },
  {
    name: 'a key twice, escaped',
    question: create('{"agent_dni":"1","agent_name":"A","agent\\u005fdni":"2"}'),
    ...badBody,
    details: body('has the key "agent_dni" twice'),
  },
  { name: 'nested too deep', question: create(deep(21)), ...badBody, details: body('is nested deeper than 20') },
  { name: 'too many keys', question: create(keys(201)), ...badBody, details: body('has more than 200 keys') },
  {
    name: 'both missing',
    question: create('{}'),
    ...missing,
    details: [
      { field: 'agent_dni', problem: 'is required' },
      { field: 'agent_name', problem: 'is required' },
    ],
  },
  {
    name: 'dni missing',
    question: create({ agent_name: 'Ana' }),
    ...missing,
    details: field('agent_dni', 'is required'),
  },
  {
    name: 'dni empty',
    question: create({ agent_dni: '', agent_name: 'Ana' }),
    ...missing,
    details: field('agent_dni', 'is required'),
  },
  {
    name: 'dni null',
    question: create({ agent_dni: null, agent_name: 'Ana' }),
    ...missing,
    details: field('agent_dni', 'is required'),
  },
  {
    name: 'name blank',
    question: create({ agent_dni: '1', agent_name: '  ' }),
    ...missing,
    details: field('agent_name', 'is required'),
  },
  {
    name: 'dni boolean',
    question: create({ agent_dni: true, agent_name: 'Ana' }),
    ...invalid,
    details: field('agent_dni', 'must be text, not a boolean'),
  },
  {
    name: 'dni array',
    question: create({ agent_dni: ['1'], agent_name: 'Ana' }),
    ...invalid,
    details: field('agent_dni', 'must be text, not an array'),
  },
  {
    name: 'name object',
    question: create({ agent_dni: '1', agent_name: {} }),
    ...invalid,
    details: field('agent_name', 'must be text, not an object'),
  },
  {
    name: 'dni fraction',
    question: create('{"agent_dni":1.5,"agent_name":"Ana"}'),
    ...invalid,
    details: field('agent_dni', 'must be text or a whole number without fraction or exponent'),
  },
  {
    name: 'dni exponent',
    question: create('{"agent_dni":1e3,"agent_name":"Ana"}'),
    ...invalid,
    details: field('agent_dni', 'must be text or a whole number without fraction or exponent'),
  },
  {
    name: 'name number',
    question: create({ agent_dni: '1', agent_name: 5 }),
    ...invalid,
    details: field('agent_name', 'must be text, not a number'),
  },
  {
    name: 'dni too long',
    question: create({ agent_dni: '1'.repeat(33), agent_name: 'Ana' }),
    ...invalid,
    details: longest('agent_dni', 'must have at most 32 characters; it has 33'),
  },
  {
    name: 'name too long',
    question: create({ agent_dni: '1', agent_name: '😀'.repeat(101) }),
    ...invalid,
    details: longest('agent_name', 'must have at most 100 characters; it has 101'),
  },
  {
    name: 'sso too long',
    question: create({ ...good, agent_sso: 'a'.repeat(257) }),
    ...invalid,
    details: longest('agent_sso', 'must have at most 256 characters; it has 257'),
  },
  {
    name: 'sso blank',
    question: create({ ...good, agent_sso: '  ' }),
    ...invalid,
    details: field('agent_sso', 'must not be blank'),
  },
  {
    name: 'dni control character',
    question: create({ agent_dni: '1\u00002', agent_name: 'Ana' }),
    ...invalid,
    details: field('agent_dni', 'must not contain control characters'),
  },
  {
    name: 'name half a surrogate pair',
    question: create('{"agent_dni":"1","agent_name":"\\ud800"}'),
    ...invalid,
    details: field('agent_name', 'must be well-formed Unicode text'),
  },
  {
    name: 'password too short',
    question: create({ ...good, agent_pass: 'Ab1!' }),
    ...invalid,
    details: field('agent_pass', 'must have at least 8 characters'),
  },
  {
    name: 'password too long',
    question: create({ ...good, agent_pass: `Ab1!${'x'.repeat(125)}` }),
    ...invalid,
    details: field('agent_pass', 'must have at most 128 characters'),
  },
  {
    name: 'password without upper case',
    question: create({ ...good, agent_pass: 'xkcd7788!' }),
    ...invalid,
    details: field('agent_pass', 'must contain an upper-case letter'),
  },
  {
    name: 'password without lower case',
    question: create({ ...good, agent_pass: 'XKCD7788!' }),
    ...invalid,
    details: field('agent_pass', 'must contain a lower-case letter'),
  },
  {
    name: 'password without number',
    question: create({ ...good, agent_pass: 'XkcdXkcd!' }),
    ...invalid,
    details: field('agent_pass', 'must contain a number (0-9)'),
  },
  {
    name: 'password without special',
    question: create({ ...good, agent_pass: 'Xkcd77889' }),
    ...invalid,
    details: field('agent_pass', 'must contain one of !#%&*@'),
  },
  {
    name: 'password with a control character',
    question: create({ ...good, agent_pass: 'Xkcd7788!\n' }),
    ...invalid,
    details: field('agent_pass', 'must not contain control characters'),
  },
  {
    name: 'common password',
    question: create({ ...good, agent_pass: 'P@ssw0rd' }),
    ...invalid,
    details: field('agent_pass', 'is among the most common passwords; choose another'),
  },
  {
    name: 'common password, dressed up',
    question: create({ ...good, agent_pass: 'Password123*' }),
    ...invalid,
    details: field('agent_pass', 'is among the most common passwords; choose another'),
  },
  {
    name: 'near miss by two edits',
    question: create({ ...good, agent_pas: 'x' }),
    ...invalid,
    details: field('agent_pas', 'is not a known field; did you mean agent_pass?'),
  },
  {
    name: 'near miss by case',
    question: create({ ...good, AGENT_SSO: 'x' }),
    ...invalid,
    details: field('AGENT_SSO', 'is not a known field; did you mean agent_sso?'),
  },
  {
    name: 'near miss of a required one',
    question: create({ agentdni: '1', agent_name: 'Ana' }),
    ...missing,
    details: [
      { field: 'agent_dni', problem: 'is required' },
      { field: 'agentdni', problem: 'is not a known field; did you mean agent_dni?' },
    ],
  },
  {
    name: 'several problems at once',
    question: create({ agent_dni: '1'.repeat(40), agent_name: 'Ana\u0007', agent_pass: 'x' }),
    ...invalid,
    details: [
      { field: 'agent_dni', problem: 'must have at most 32 characters; it has 40' },
      { field: 'agent_name', problem: 'must not contain control characters' },
      { field: 'agent_pass', problem: 'must have at least 8 characters' },
      { field: 'agent_pass', problem: 'must contain an upper-case letter' },
      { field: 'agent_pass', problem: 'must contain a number (0-9)' },
      { field: 'agent_pass', problem: 'must contain one of !#%&*@' },
    ],
  },
  {
    name: 'edit without an id',
    question: at('PUT', '/api/v2/configuration.php?api=edit_agent', '{}'),
    ...missing,
    details: field('agent_id', 'is required in the query'),
  },
  { name: 'edit an unknown agent', question: at('PUT', paths.edit('99999'), '{}'), ...unknownAgent },
  ...['010000', '+10000', ' 10000', '10000.0', 'abc', '-1', '0', '1e4'].map((agentId): Failure => ({
    name: `edit agent "${agentId}"`,
    question: at('PUT', paths.edit(encodeURIComponent(agentId)), '{}'),
    ...unknownAgent,
  })),
  ...['agent_dni', 'agent_name', 'agent_pass'].map((name): Failure => ({
    name: `clear ${name}`,
    question: at('PUT', paths.edit('10000'), `{"${name}":null}`),
    ...invalid,
    details: field(name, 'cannot be cleared; leave it out to keep it as it is'),
  })),
  {
    name: 'edit a name to blanks',
    question: at('PUT', paths.edit('10000'), '{"agent_name":"   "}'),
    ...invalid,
    details: field('agent_name', 'must not be blank'),
  },
  {
    name: 'disable without an id',
    question: at('PUT', paths.disable, '{}'),
    ...missing,
    details: field('agent_id', 'is required'),
  },
  {
    name: 'disable with a near miss',
    question: at('PUT', paths.disable, '{"agent_ID":"10000"}'),
    ...missing,
    details: [
      { field: 'agent_id', problem: 'is required' },
      { field: 'agent_ID', problem: 'is not a known field; did you mean agent_id?' },
    ],
  },
  { name: 'disable an unknown agent', question: at('PUT', paths.disable, '{"agent_id":"99999"}'), ...unknownAgent },
  { name: 'enable an unknown agent', question: at('PUT', paths.enable, '{"agent_id":99999}'), ...unknownAgent },
  {
    name: 'enable with a boolean id',
    question: at('PUT', paths.enable, '{"agent_id":true}'),
    ...invalid,
    details: field('agent_id', 'must be text, not a boolean'),
  },
  { name: 'information of an unknown agent', question: at('GET', `${paths.agents}&agent=99999`), ...unknownAgent },
];

for (const { name, question, code, error, msg, details = [], headers = {} } of failures) {
  test(`${name}: ${code} ${msg}`, async () => {
    const answer = await ask(server.port, question(server.token));
    checkEnvelope(answer, code);
    assert.deepEqual(answer.json(), { code, error, msg, details });
    assert.deepEqual(Object.keys(answer.json()), ['code', 'error', 'msg', 'details']);
    for (const [header, value] of Object.entries(headers)) assert.equal(answer.headers[header], value);
  });
}

function checkEnvelope(answer: Answer, code: number): void {
  assert.equal(answer.status, code);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.match(answer.headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/);
}

test('none of these created or changed an agent', async () => {
  const answer = await callApi(server.port, server.token, paths.agents);
  assert.deepEqual(answer.json(), { code: '200', error: null, msg: '0 records were found', data: [] });
});

test('the checks come in the order of the contract', async () => {
  const limited = (await server.admin.createToken('0001', { daily_limit: 1 })).token;
  const one = await callApi(server.port, limited, paths.tokenInfo);
  assert.equal(one.status, 200);
  const huge = 'x'.repeat(70_000);
  const steps: [string, Question, number][] = [
    ['route before method', { method: 'DELETE', path: '/api/v2/configuration.php?api=none' }, 400],
    ['method before token', { method: 'GET', path: paths.create }, 405],
    ['token before scope', { method: 'POST', path: paths.create, headers: { 'wolkvox-token': 'x' }, body: huge }, 403],
    [
      'scope before body',
      { method: 'POST', path: paths.create, headers: { 'wolkvox-token': readOnly }, body: huge },
      403,
    ],
    [
      'daily limit before body',
      { method: 'POST', path: paths.create, headers: { 'wolkvox-token': limited }, body: huge },
      403,
    ],
    [
      'body size before form',
      { method: 'POST', path: paths.create, headers: { 'wolkvox-token': server.token }, body: huge },
      413,
    ],
    [
      'fields before the agent',
      {
        method: 'PUT',
        path: paths.edit('99999'),
        headers: { 'wolkvox-token': server.token },
        body: '{"agent_dni":true}',
      },
      400,
    ],
  ];
  const answers = [];
  for (const [name, question] of steps) answers.push([name, (await ask(server.port, question)).status]);
  assert.deepEqual(
    answers,
    steps.map(([name, , status]) => [name, status]),
  );
});

test('dni and sso taken: 409 that names the agent in the way', async () => {
  const dni = newDni();
  const first = await callApi(server.port, server.token, paths.create, {
    agent_dni: dni,
    agent_name: 'A',
    agent_sso: `Ana.${dni}`,
  });
  assert.equal(first.status, 201);
  const inTheWay = String((first.json()['data'] as { agent_id: string }[])[0]?.agent_id);
  const conflict = (name: string) => ({
    field: name,
    problem: `agent ${inTheWay} already has this ${name}`,
    agent_id: inTheWay,
  });
  const cases: [object, string, unknown[]][] = [
    [{ agent_dni: ` ${dni} `, agent_name: 'B' }, 'AGENT_DNI', [conflict('agent_dni')]],
    [
      { agent_dni: newDni(), agent_name: 'B', agent_sso: `aNA.${dni}`.toUpperCase() },
      'AGENT_SSO',
      [conflict('agent_sso')],
    ],
    [
      { agent_dni: dni, agent_name: 'B', agent_sso: `ana.${dni}` },
      'AGENT_DNI',
      [conflict('agent_dni'), conflict('agent_sso')],
    ],
    [{ agent_dni: dni, agent_name: 'B', agent_pass: 'Xkcd7788!' }, 'AGENT_DNI', [conflict('agent_dni')]],
  ];
  for (const [fields, named, details] of cases) {
    const answer = await callApi(server.port, server.token, paths.create, fields);
    checkEnvelope(answer, 409);
    assert.deepEqual(answer.json(), {
      code: 409,
      error: 'CONFLICT',
      msg: `AN AGENT WITH THIS ${named} ALREADY EXISTS`,
      details,
    });
  }
  const next = await callApi(server.port, server.token, paths.create, { agent_dni: newDni(), agent_name: 'C' });
  assert.equal((next.json()['data'] as { agent_id: string }[])[0]?.agent_id, String(Number(inTheWay) + 1));
});
