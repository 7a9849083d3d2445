/** What a Host header says: which operation it names, if any. */

/** The operation that a host names. */
export interface NamedOperation {
  code: string;
  /** True when the name alone makes it one; false when only an operation of this code would. */
  certain: boolean;
}

/** The host name of a Host header: without port, final dot and case. */
export function hostName(header: string): string {
  const name = header.startsWith('[') ? header.slice(0, header.indexOf(']') + 1) : (header.split(':')[0] ?? '');
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether the header has the form of a host with or without a port. */
export function isHost(header: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[0-9a-z._~%!$&'()*+,;=-]+)(:\d{0,5})?$/i.test(header);
}

/**
 * The operation that a host names. With a domain configured only `wv{code}.{domain}` names one; without, a first label of
 * `wv` and four digits does, or of `wv` and the code of an operation there is.
 */
export function operationOfHost(header: string, domain: string | undefined): NamedOperation | undefined {
  const name = hostName(header);
  const dot = name.indexOf('.');
  const code = /^wv([0-9a-z]{1,16})$/.exec(name.slice(0, Math.max(dot, 0)))?.[1];
  if (code === undefined) return undefined;
  if (domain !== undefined) return name.slice(dot + 1) === domain ? { code, certain: true } : undefined;
  return { code, certain: /^\d{4}$/.test(code) };
}
