/** The store's contract, asked of every store there is: what the domain relies on, below any HTTP. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CreateAgentInput, EventOrigin } from '../../src/domain/agent-transactions.ts';
import { deriveAuditKeys, verifyAuditChain } from '../../src/domain/audit-chain.ts';
import type { NewAgent, TokenRecord } from '../../src/domain/records.ts';
import { type OpenStore, openSqliteStore } from '../../src/store/sqlite.ts';
import Sqlite from 'better-sqlite3';
import { migrations } from '../../src/store/migrations/index.ts';

interface StoreUnderTest {
  store: OpenStore;
  /** Closes and opens it again. */
  reopen: () => Promise<OpenStore>;
  remove: () => Promise<void>;
}

const auditRoot = Buffer.alloc(32, 7);

async function openTestSqlite(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-store-'));
  const open = (): Promise<OpenStore> =>
    openSqliteStore({ file: join(folder, 'roster.db'), keyCheck: 'key', auditRoot, onDeath: assert.fail });
  const under: StoreUnderTest = {
    store: await open(),
    async reopen() {
      await under.store.close();
      under.store = await open();
      return under.store;
    },
    async remove() {
      await under.store.close();
      await rm(folder, { recursive: true });
    },
  };
  return under;
}

const stores: [name: string, open: () => Promise<StoreUnderTest>][] = [['SQLite', openTestSqlite]];

const origin = (occurredAt = 1000): EventOrigin => ({ occurredAt, actor: 'system', requestId: 'r', address: '' });
const newAgent = (dni: string, sso: string | null = null): NewAgent => ({
  dni,
  name: 'Ana',
  sso,
  ssoNormalized: sso?.toLowerCase() ?? null,
  passwordKind: 'assigned',
  passwordVerifier: '$sha256$x$y',
});
const newToken = (operationId: string, tokenId: string): TokenRecord => ({
  operationId,
  tokenId,
  secretHash: '00',
  description: '',
  scopes: ['agents:create', 'agents:read'],
  simultaneousLimit: 1,
  dailyLimit: null,
  expiresAt: null,
  allowedNetworks: ['10.0.0.0/8', '::1'],
  createdAt: 1000,
  revokedAt: null,
  rotatedFrom: null,
  lastUsedAt: null,
});

for (const [name, open] of stores) {
  describe(`the store contract: ${name}`, () => {
    let under: StoreUnderTest;
    let operations = 0;
    before(async () => void (under = await open()));
    after(() => under.remove());

    async function addOperation(): Promise<string> {
      operations += 1;
      const operationId = `op${operations}`;
      const operation = {
        operationId,
        name: '',
        timeZone: 'UTC',
        unknownFields: 'ignore',
        assignedPasswordLength: 20,
        createdAt: 1,
      } as const;
      await under.store.transact('addOperation', { operation, origin: origin() });
      return operationId;
    }

    const create = (operationId: string, agent: NewAgent, more: Partial<CreateAgentInput> = {}) =>
      under.store.transact('createAgent', { operationId, agent, origin: origin(), ...more });

    const verify = async (operationId: string) =>
      verifyAuditChain(under.store.read.audit, operationId, deriveAuditKeys(auditRoot)(operationId), {
        yieldTurn: async () => undefined,
      });

    test('an operation is added once', async () => {
      const operationId = await addOperation();
      const operation = await under.store.read.operations.find(operationId);
      assert.ok(operation !== undefined);
      await assert.rejects(under.store.transact('addOperation', { operation, origin: origin() }), {
        code: 'operation_conflict',
      });
      assert.equal((await under.store.read.audit.findHead(operationId))?.seq, 1);
    });

    test('ids follow each other without a gap, conflicts and failures take none, events = changes', async () => {
      const operationId = await addOperation();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 300 }, (_, index) => create(operationId, newAgent(`dni-${index % 100}`))),
      );
      const ids = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' && 'agentId' in outcome.value ? [outcome.value.agentId] : [],
      );
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        Array.from({ length: 100 }, (_, index) => 10_000 + index),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'agent_conflict');
      }
      const { head, fault } = await verify(operationId);
      assert.deepEqual([head.seq, fault], [101, undefined]);
      assert.equal(await under.store.read.agents.count(operationId), 100);
    });

    test('what is committed is read at once, and after the store was opened again', async () => {
      const operationId = await addOperation();
      const created = await create(operationId, newAgent('1', 'Ana'));
      assert.ok('agentId' in created);
      const expected = {
        operationId,
        agentId: created.agentId,
        dni: '1',
        name: 'Ana',
        sso: 'Ana',
        enabled: true,
        createdAt: 1000,
        updatedAt: 1000,
        lastSignInAt: null,
      };
      const { agents } = under.store.read;
      assert.deepEqual(await agents.find(operationId, created.agentId), expected);
      assert.deepEqual(await agents.findByDni(operationId, '1'), expected);
      assert.deepEqual(await agents.findBySso(operationId, 'ana'), expected);
      assert.equal(await agents.findBySso(operationId, 'Ana'), undefined);
      const store = await under.reopen();
      assert.deepEqual(await store.read.agents.find(operationId, created.agentId), expected);
    });

    test('an edit sets, clears and leaves (tri-state), and collisions change nothing', async () => {
      const operationId = await addOperation();
      await create(operationId, newAgent('1', 'a'));
      await create(operationId, newAgent('2', 'b'));
      const edit = (patch: object) =>
        under.store.transact('editAgent', { operationId, agentId: 10_000, patch, origin: origin(2000) });
      await edit({ name: 'Eva' });
      await edit({ sso: null, ssoNormalized: null });
      const agent = await under.store.read.agents.find(operationId, 10_000);
      assert.deepEqual([agent?.dni, agent?.name, agent?.sso, agent?.updatedAt], ['1', 'Eva', null, 2000]);
      await assert.rejects(edit({ dni: '2', name: 'Lost' }), { code: 'agent_conflict' });
      await assert.rejects(edit({ sso: 'B', ssoNormalized: 'b' }), { code: 'agent_conflict' });
      assert.equal((await under.store.read.agents.find(operationId, 10_000))?.name, 'Eva');
      await assert.rejects(
        under.store.transact('editAgent', { operationId, agentId: 1, patch: {}, origin: origin() }),
        { code: 'agent_unknown' },
      );
      assert.equal((await verify(operationId)).head.seq, 5);
    });

    test('pages come in the order of ids and end', async () => {
      const operationId = await addOperation();
      await Promise.all(Array.from({ length: 25 }, (_, index) => create(operationId, newAgent(String(index)))));
      const ids: number[] = [];
      for (let after = 0; ;) {
        const page = await under.store.read.agents.list(operationId, { after, limit: 10 });
        ids.push(...page.map(({ agentId }) => agentId));
        if (page.length < 10) break;
        after = page.at(-1)?.agentId ?? 0;
      }
      assert.deepEqual(
        ids,
        Array.from({ length: 25 }, (_, index) => 10_000 + index),
      );
    });

    test('an idempotency record wins once, ends, and can be had again', async () => {
      const operationId = await addOperation();
      const idempotency = { recordId: 'r1', tokenId: 't', requestMac: 'm', sealedPassword: 's', expiresAt: 5000 };
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => create(operationId, newAgent(String(index)), { idempotency })),
      );
      assert.equal(outcomes.filter((outcome) => 'agentId' in outcome).length, 1);
      for (const outcome of outcomes) {
        if ('first' in outcome) assert.deepEqual(outcome.first, { operationId, agentId: 10_000, ...idempotency });
      }
      assert.equal(await under.store.read.idempotency.find(operationId, 'r1', 5000), undefined);
      const later = await create(operationId, newAgent('later'), {
        idempotency: { ...idempotency, expiresAt: 9000 },
        origin: origin(6000),
      });
      assert.deepEqual(later, { agentId: 10_001 });
      assert.equal((await under.store.read.idempotency.find(operationId, 'r1', 6000))?.agentId, 10_001);
    });

    test('tokens: kept as they are, rotated, revoked', async () => {
      const operationId = await addOperation();
      const token = newToken(operationId, 'one');
      await under.store.transact('createToken', { operationId, token, origin: origin() });
      assert.deepEqual(await under.store.read.tokens.find(operationId, 'one'), token);
      const replacement = { tokenId: 'two', secretHash: '11' };
      await under.store.transact('rotateToken', {
        operationId,
        tokenId: 'one',
        replacement,
        oldExpiresAt: 7000,
        origin: origin(2000),
      });
      assert.equal((await under.store.read.tokens.find(operationId, 'one'))?.expiresAt, 7000);
      assert.deepEqual(await under.store.read.tokens.find(operationId, 'two'), {
        ...token,
        ...replacement,
        createdAt: 2000,
        rotatedFrom: 'one',
      });
      await under.store.transact('revokeToken', { operationId, tokenId: 'two', origin: origin(3000) });
      assert.equal((await under.store.read.tokens.find(operationId, 'two'))?.revokedAt, 3000);
      const again = under.store.transact('rotateToken', {
        operationId,
        tokenId: 'two',
        replacement: { tokenId: 'three', secretHash: '22' },
        oldExpiresAt: 1,
        origin: origin(),
      });
      await assert.rejects(again, { code: 'token_unknown' });
      assert.deepEqual(
        (await under.store.read.tokens.list(operationId)).map(({ tokenId }) => tokenId),
        ['one', 'two'],
      );
    });

    test('a daily limit is exact under simultaneous use', async () => {
      const operationId = await addOperation();
      await under.store.transact('createToken', { operationId, token: newToken(operationId, 't'), origin: origin() });
      const uses = await Promise.all(
        Array.from({ length: 50 }, () =>
          under.store.transact('consumeDailyUse', { operationId, tokenId: 't', day: '2026-01-01', limit: 20 }),
        ),
      );
      assert.equal(uses.filter(Boolean).length, 20);
      await under.store.transact('recordUses', {
        operationId,
        uses: [{ tokenId: 't', day: '2026-01-01', uses: 3 }],
        lastUsed: [{ tokenId: 't', at: 9 }],
      });
      assert.deepEqual(await under.store.read.usage.listForDay(operationId, '2026-01-01'), [
        { tokenId: 't', uses: 23 },
      ]);
      assert.deepEqual(await under.store.read.usage.listForDay(operationId, '2026-01-02'), []);
    });

    test('one failing transaction harms none that share its commit', async () => {
      const operationId = await addOperation();
      const token = newToken(operationId, 'twice');
      await under.store.transact('createToken', { operationId, token, origin: origin() });
      const results = await Promise.allSettled([
        create(operationId, newAgent('1')),
        // Breaks a constraint in the middle of its body, after its audit event.
        under.store.transact('createToken', { operationId, token, origin: origin() }),
        create(operationId, newAgent('2')),
        create('no such operation', newAgent('3')),
        create(operationId, newAgent('4')),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
      );
      const { head, fault } = await verify(operationId);
      assert.deepEqual([head.seq, fault], [5, undefined]);
      assert.equal(await under.store.read.agents.count(operationId), 3);
    });

    test('trimming removes what has had its time, a batch a transaction, and the chain goes on from there', async () => {
      const operationId = await addOperation();
      await under.store.transact('createToken', { operationId, token: newToken(operationId, 't'), origin: origin() });
      for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) {
        await under.store.transact('recordUses', { operationId, uses: [{ tokenId: 't', day, uses: 1 }], lastUsed: [] });
      }
      const idempotency = (index: number) => ({
        recordId: `r${index}`,
        tokenId: 't',
        requestMac: 'm',
        sealedPassword: 's',
        expiresAt: index < 450 ? 5000 : 9000,
      });
      await Promise.all(
        Array.from({ length: 460 }, (_, index) =>
          create(operationId, newAgent(String(index)), {
            idempotency: idempotency(index),
            origin: origin(1000 + index),
          }),
        ),
      );
      const earlier = await under.store.read.audit.findHead(operationId);
      const trim = () =>
        under.store.transact('trim', { operationId, now: 6000, usageDay: '2026-01-03', auditBefore: 1300 });
      let transactions = 1;
      while (await trim()) transactions += 1;
      assert.ok(transactions >= 2 && transactions <= 4, `${transactions} transactions`);
      assert.deepEqual(
        await Promise.all(
          ['2026-01-01', '2026-01-02', '2026-01-03'].map(
            async (day) => (await under.store.read.usage.listForDay(operationId, day)).length,
          ),
        ),
        [0, 0, 1],
      );
      assert.equal(await under.store.read.idempotency.find(operationId, 'r0', 1), undefined);
      assert.notEqual(await under.store.read.idempotency.find(operationId, 'r459', 6000), undefined);
      const kept = await under.store.read.audit.list(operationId, { after: 0, limit: 1000 });
      assert.ok(kept.every(({ occurredAt }) => occurredAt >= 1300));
      const key = deriveAuditKeys(auditRoot)(operationId);
      const verdict = await verifyAuditChain(under.store.read.audit, operationId, key, {
        earlier,
        yieldTurn: async () => undefined,
      });
      assert.deepEqual(
        [verdict.base, verdict.fault, verdict.head.seq],
        [(kept[0]?.seq ?? 0) - 1, undefined, kept.at(-1)?.seq],
      );
      assert.equal(kept.at(-1)?.action, 'audit.trimmed');
      assert.equal(await under.store.read.agents.count(operationId), 460);
    });

    test('an operation never sees the rows of another', async () => {
      const [one, two] = [await addOperation(), await addOperation()];
      await create(one, newAgent('1', 'x'));
      await create(two, newAgent('1', 'x'));
      for (const operationId of [one, two]) {
        assert.equal(await under.store.read.agents.count(operationId), 1);
        assert.equal((await under.store.read.audit.list(operationId, { after: 0, limit: 10 })).length, 2);
      }
    });
  });
}

test('a database of every earlier version is brought to this one, with what is in it', async () => {
  for (let version = 1; version < migrations.length; version += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'roster-migrate-'));
    const file = join(folder, 'roster.db');
    const old = new Sqlite(file);
    old.exec(
      'create table migrations (version integer not null primary key, name text not null, applied_at bigint not null)',
    );
    for (const [index, migration] of migrations.slice(0, version).entries()) {
      for (const statement of migration.statements) old.exec(statement);
      old.prepare('insert into migrations values (?, ?, 0)').run(index + 1, migration.name);
    }
    old.exec(`insert into operations values ('0001', '', 'UTC', 'ignore', 20, 0)`);
    old.exec(`insert into counters (operation_id, next_agent_id, audit_seq, audit_hash) values ('0001', 10007, 0, '')`);
    old.close();
    const store = await openSqliteStore({ file, keyCheck: 'key', auditRoot, onDeath: assert.fail });
    assert.equal(await store.read.agents.count('0001'), 7);
    assert.deepEqual(
      await store.transact('createAgent', { operationId: '0001', agent: newAgent('1'), origin: origin() }),
      { agentId: 10_007 },
    );
    await store.close();
    await rm(folder, { recursive: true });
  }
});
