/** The management API from the other side of the wire: `fetch` only, no dependency. */
import type {
  AgentFieldsShape,
  AgentPageShape,
  AgentShape,
  AuditHeadShape,
  AuditPageShape,
  AuditVerdictShape,
  CreatedAgentShape,
  NewOperationShape,
  NewTokenShape,
  OperationSettingsShape,
  OperationShape,
  ShownTokenShape,
  TokenShape,
} from '../management/shapes.ts';

export type * from '../management/shapes.ts';

export interface ApiProblem {
  field: string;
  problem: string;
}

/** A failure that the server answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly details: readonly ApiProblem[];

  constructor(status: number, code: string, message: string, details: readonly ApiProblem[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface ClientOptions {
  /** Where the management API is, without a final slash. */
  baseUrl: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface AgentListOptions extends PageOptions {
  /** Words, each of which must begin a word of the agent. */
  search?: string | undefined;
  enabled?: boolean | undefined;
}

export interface PageOptions {
  after?: string | number | undefined;
  limit?: number | undefined;
}

/** Each method is one request. Throws `ApiError` for an answer that is a failure, and what `fetch` throws. */
export class ManagementClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  listOperations(): Promise<OperationShape[]> {
    return this.#send('GET', '/operations');
  }

  addOperation(operation: NewOperationShape): Promise<OperationShape> {
    return this.#send('POST', '/operations', operation);
  }

  editOperation(code: string, settings: OperationSettingsShape): Promise<OperationShape> {
    return this.#send('PATCH', operationPath(code), settings);
  }

  listTokens(code: string): Promise<TokenShape[]> {
    return this.#send('GET', `${operationPath(code)}/tokens`);
  }

  createToken(code: string, token: NewTokenShape): Promise<ShownTokenShape> {
    return this.#send('POST', `${operationPath(code)}/tokens`, token);
  }

  rotateToken(code: string, tokenId: string, graceSeconds?: number): Promise<ShownTokenShape> {
    const body = graceSeconds === undefined ? {} : { grace_seconds: graceSeconds };
    return this.#send('POST', `${operationPath(code)}/tokens/${encodeURIComponent(tokenId)}/rotate`, body);
  }

  async revokeToken(code: string, tokenId: string): Promise<void> {
    await this.#send('POST', `${operationPath(code)}/tokens/${encodeURIComponent(tokenId)}/revoke`);
  }

  listAgents(code: string, options: AgentListOptions = {}): Promise<AgentPageShape> {
    const { search, enabled, ...page } = options;
    const state = enabled === undefined ? undefined : enabled ? 'yes' : 'no';
    return this.#send('GET', `${operationPath(code)}/agents${pageQuery(page, { search, enabled: state })}`);
  }

  createAgent(code: string, fields: AgentFieldsShape): Promise<CreatedAgentShape> {
    return this.#send('POST', `${operationPath(code)}/agents`, fields);
  }

  showAgent(code: string, agentId: string): Promise<AgentShape> {
    return this.#send('GET', agentPath(code, agentId));
  }

  editAgent(code: string, agentId: string, changes: AgentFieldsShape): Promise<AgentShape> {
    return this.#send('PATCH', agentPath(code, agentId), changes);
  }

  async setAgentEnabled(code: string, agentId: string, enabled: boolean): Promise<void> {
    await this.#send('POST', `${agentPath(code, agentId)}/${enabled ? 'enable' : 'disable'}`);
  }

  /** Newest first; `after` continues a page. */
  listAuditEvents(code: string, page: PageOptions = {}): Promise<AuditPageShape> {
    return this.#send('GET', `${operationPath(code)}/audit/events${pageQuery(page)}`);
  }

  findAuditHead(code: string): Promise<AuditHeadShape> {
    return this.#send('GET', `${operationPath(code)}/audit/head`);
  }

  verifyAudit(code: string, head?: AuditHeadShape): Promise<AuditVerdictShape> {
    return this.#send('POST', `${operationPath(code)}/audit/verify`, head === undefined ? {} : { head });
  }

  async #send<Result>(method: string, path: string, body?: object): Promise<Result> {
    const { baseUrl, fetch } = this.#options;
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${baseUrl}/management/v1${path}`, { method, ...json });
    const text = await response.text();
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Result;
    throw readFailure(response.status, text);
  }
}

function operationPath(code: string): string {
  return `/operations/${encodeURIComponent(code)}`;
}

function agentPath(code: string, agentId: string): string {
  return `${operationPath(code)}/agents/${encodeURIComponent(agentId)}`;
}

function pageQuery({ after, limit }: PageOptions, more: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(more)) if (value) query.set(name, value);
  if (after !== undefined) query.set('after', String(after));
  if (limit !== undefined) query.set('limit', String(limit));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function readFailure(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; details: ApiProblem[] } };
    return new ApiError(status, error.code, error.message, error.details);
  } catch {
    return new ApiError(status, 'unexpected', `The server answered ${status} in a form that is not this API's.`, []);
  }
}
