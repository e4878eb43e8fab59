import { isIP } from 'node:net';

/** What a setting must be, in both languages; said instead of its value, which may be secret. */
export class Expected extends Error {
  readonly zh: string;

  constructor(zh: string, en: string) {
    super(en);
    this.zh = zh;
  }
}

export function postgresUrl(text: string): string {
  const { protocol } = new URL(text);
  if (protocol !== 'postgresql:' && protocol !== 'postgres:')
    throw new Expected('postgresql:// 地址', 'a postgresql:// address');
  return text;
}

export function smtpUrl(text: string): string {
  const { protocol, hostname } = new URL(text);
  if (!['smtp:', 'smtps:'].includes(protocol) || hostname === '')
    throw new Expected('smtp:// 或 smtps:// 地址', 'an smtp:// or smtps:// address');
  return text;
}

export function sender(text: string): string {
  if (!/^([^<>@]+<[^<>@\s]+@[\w.-]+>|[^<>@\s]+@[\w.-]+)$/.test(text))
    throw new Expected('地址，或“名称 <地址>”', 'address or name <address>');
  return text;
}

export function webUrl(text: string): string {
  const { protocol, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || search + hash !== '')
    throw new Expected('http:// 或 https:// 地址', 'an http:// or https:// address');
  return text.replace(/\/+$/, '');
}

/** What a provider's tokens are trusted by comes from there: nobody on the way may change it. */
export function issuerUrl(text: string): string {
  const { protocol, hostname, search, hash } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  if (!isSafe || search + hash !== '') throw new Expected('https:// 地址', 'an https:// address');
  return text;
}

export function scopes(text: string): string {
  const all = text.split(/\s+/);
  if (!all.includes('openid') || !all.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    throw new Expected('以空格分隔的 scope，其中须有 openid', 'scopes separated by spaces, "openid" among them');
  }
  return all.join(' ');
}

export function claim(text: string): string {
  if (!/^[\w:/.-]{1,200}$/.test(text)) throw new Expected('claim 的名称', 'the name of a claim');
  return text;
}

/** A bucket, as `https://key:secret@host:9000/bucket/prefix?region=…`. */
export interface S3Address {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function s3Url(text: string): S3Address {
  const url = new URL(text);
  const [bucket = '', ...folders] = url.pathname.split('/').filter((part) => part !== '');
  const isWhole = /^https?:$/.test(url.protocol) && url.username !== '' && url.password !== '' && bucket !== '';
  if (!isWhole) throw new Expected('https://key:secret@host/bucket/prefix', 'https://key:secret@host/bucket/prefix');
  return {
    endpoint: url.origin,
    region: url.searchParams.get('region') ?? 'us-east-1',
    bucket,
    prefix: folders.map((folder) => `${decodeURIComponent(folder)}/`).join(''),
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
  };
}

export function networks(text: string): string[] {
  const all = text.split(',').map((network) => network.trim());
  for (const network of all) {
    const [, ip = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(network) ?? [];
    if (isIP(ip) === 0 || Number(bits) > (isIP(ip) === 4 ? 32 : 128)) {
      throw new Expected('以逗号分隔的网段，例如 10.0.0.0/8', 'networks such as 10.0.0.0/8, separated by commas');
    }
  }
  return all;
}

export function address(text: string): string {
  if (!/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(text)) throw new Expected('host:port（主机:端口）', 'host:port');
  return text;
}

export interface ListenAt {
  readonly host: string;
  readonly port: number;
}

export function listenAt(text: string): ListenAt {
  const [, host = '', at = ''] = /^(.+):(\d{1,5})$/.exec(address(text)) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port(at) };
}

/** Whether only this machine gets to a host or comes from an address. */
export function isLoopback(host: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$|^localhost$/i.test(host);
}

export function metricsToken(text: string): string {
  if (!/^[\x21-\x7e]{16,}$/.test(text))
    throw new Expected('至少 16 个字符，不含空格', 'at least 16 characters without spaces');
  return text;
}

export function namespace(text: string): string {
  if (!/^[\w.-]{1,255}$/.test(text))
    throw new Expected('命名空间：字母、数字、“.”、“_”、“-”', 'a namespace: letters, digits, ".", "_", "-"');
  return text;
}

export function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 0 && number <= 65_535)) throw new Expected('0 到 65535 之间的端口', 'a port from 0 to 65535');
  return number;
}

export function key(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text)
    throw new Expected('以 base64 表示的 32 字节', '32 bytes in base64');
  return bytes;
}

export function longPassword(text: string): string {
  if (text.length < 12) throw new Expected('至少 12 个字符', 'at least 12 characters');
  return text;
}

export function oneOf<const T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) throw new Expected(`${allowed.join('、')} 之一`, `one of ${allowed.join(', ')}`);
    return found;
  };
}
