import { BlockList, isIP } from 'node:net';
import type { Networks } from '../domain/ports.ts';

/** `::ffff:10.0.0.1` → `10.0.0.1`: an IPv4 caller of a dual-stack listener. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

export function isBlock(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  if (prefix === undefined) return true;
  return /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

const lists = new Map<string, BlockList>();
const maxLists = 1000;

function listFor(blocks: readonly string[]): BlockList {
  const key = blocks.join(' ');
  let list = lists.get(key);
  if (list === undefined) {
    list = new BlockList();
    for (const block of blocks) {
      const [address = '', prefix] = block.split('/');
      const version = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) list.addAddress(address, version);
      else list.addSubnet(address, Number(prefix), version);
    }
    if (lists.size >= maxLists) lists.clear();
    lists.set(key, list);
  }
  return list;
}

/** CIDR matching by Node's own block list; the lists of tokens are kept, up to a bound. */
export const networks: Networks = {
  isBlock,
  includes(blocks, address) {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && listFor(blocks).check(plain, version === 6 ? 'ipv6' : 'ipv4');
  },
};
