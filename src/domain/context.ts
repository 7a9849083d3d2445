/** What every domain operation is given: the services of the installation, and who asks for what where. */
import type { KeyObject } from 'node:crypto';
import type { EventOrigin } from './agent-transactions.ts';
import type { AgentIndexer } from './agent-indexer.ts';
import type { IsCommonPassword } from './password-policy.ts';
import type { Places } from './places.ts';
import type { Clock, Metrics, Networks, PasswordHasher, Random, Sealer } from './ports.ts';
import { actorOf, type Principal } from './principal.ts';
import type { RefusalCounter } from './refusals.ts';
import type { Store } from './store.ts';
import type { UsageCounter } from './usage.ts';

export interface Services {
  store: Store;
  clock: Clock;
  random: Random;
  hasher: PasswordHasher;
  sealer: Sealer;
  networks: Networks;
  metrics: Metrics;
  isCommonPassword: IsCommonPassword;
  places: Places;
  indexer: AgentIndexer;
  usage: UsageCounter;
  refusals: RefusalCounter;
  /** Idempotency keys whose first request is still running in this process: record id → MAC of the request. */
  runningKeys: Map<string, string>;
  /** Lets others have their turn in the middle of long work. */
  yieldTurn: () => Promise<void>;
  /** The key of an operation's audit chain. */
  auditKey: (operationId: string) => KeyObject;
}

export interface Context {
  services: Services;
  principal: Principal;
  operationId: string;
  requestId: string;
  /** The address the request came from; empty where there is none. */
  address: string;
}

/** The part of an audit event that the request gives. */
export function originOf(ctx: Context): EventOrigin {
  return {
    occurredAt: ctx.services.clock.now(),
    actor: actorOf(ctx.principal),
    requestId: ctx.requestId,
    address: ctx.address,
  };
}
