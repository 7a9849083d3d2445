/** What the domain asks of the world beside the store. `platform/` makes these real; nothing here knows how. */

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

export interface Random {
  /** Bytes of the operating system's secure generator. */
  bytes(length: number): Uint8Array;
}

export interface PasswordHasher {
  /**
   * Argon2id of a chosen password, as PHC text, computed off the event loop. Throws `unavailable` when too many are
   * waiting already.
   */
  hash(password: string): Promise<string>;
}

export interface Sealer {
  /** Seals text under a 32-byte key; it opens only with the same key and the same context. */
  seal(key: Uint8Array, plain: string, context: string): string;
  /** Undefined when the key, the context or the sealed text is not the right one. */
  open(key: Uint8Array, sealed: string, context: string): string | undefined;
}

export interface Networks {
  /** Whether an IP address lies in one of the CIDR blocks. */
  includes(blocks: readonly string[], address: string): boolean;
  /** Whether the text is an IP address or a CIDR block. */
  isBlock(text: string): boolean;
}

export type EventName = 'token_refused' | 'idempotent_replay' | 'agent_created';

export interface Metrics {
  /** Adds one to what happened, under a label of a closed set (a reason, a kind). */
  count(event: EventName, label: string): void;
}
