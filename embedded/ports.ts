import type { StartConfig } from '../config.ts';
import { faultOf, freePort } from './free-port.ts';
import { SetUpError, type Words } from './set-up-error.ts';

type Setting = 'SANTONG_PORT' | 'SANTONG_TEMPORAL_PORT';

/** Where the API will listen. A port that was asked for is taken or refused; one that was not is only a preference. */
export async function apiPort(
  { port, portGiven, host }: Pick<StartConfig, 'port' | 'portGiven' | 'host'>,
  say: (text: Words) => void,
): Promise<number> {
  // With any port: whether the host is one of this machine's is settled before ports are tried.
  const fault = (await faultOf(port, host)) ?? '';
  if (port !== 0 && fault === '') return port;
  if (!['', 'EADDRINUSE', 'EACCES'].includes(fault)) throw hostRefused(host, fault);
  if (portGiven && port !== 0) throw portRefused('SANTONG_PORT', port, fault);
  const chosen = await freePort(host);
  if (port !== 0) {
    say([
      `端口 ${port} 已被占用，改用 ${chosen}（可用 SANTONG_PORT 指定）。`,
      `Port ${port} is taken; using ${chosen} instead (SANTONG_PORT sets it).`,
    ]);
  }
  return chosen;
}

/** Why a port that a setting names cannot be had, by the system's code. */
export function portRefused(setting: Setting, port: number, code: string): SetUpError {
  const leaveOut: Words = [
    `不设置 ${setting}，由系统选择空闲端口`,
    `leave ${setting} out: then a free one is chosen${setting === 'SANTONG_PORT' ? ' and printed' : ''}`,
  ];
  if (code === 'EACCES') {
    return new SetUpError(
      [
        `当前用户无权使用端口 ${port}（由 ${setting} 指定）：1024 以下的端口通常只有 root 可以使用。`,
        `This user may not use port ${port}, which ${setting} names: ports below 1024 are usually for root alone.`,
      ],
      [
        [`把 ${setting} 设为 1024 或以上的端口`, `set ${setting} to a port from 1024 on`],
        ['由反向代理在该端口接收请求并转发', 'let a proxy listen there and pass requests on'],
        leaveOut,
      ],
    );
  }
  return new SetUpError(
    [`端口 ${port}（由 ${setting} 指定）已被占用。`, `Port ${port}, which ${setting} names, is taken.`],
    [[`把 ${setting} 设为其他端口`, `set ${setting} to another port`], leaveOut],
  );
}

function hostRefused(host: string, code: string): SetUpError {
  const what: Words = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME'].includes(code)
    ? ['无法解析', 'is not known']
    : ['不是本机的地址', 'is no address of this machine'];
  return new SetUpError(
    [
      `${host}（由 SANTONG_HOST 指定）${what[0]}（${code}）。`,
      `${host}, which SANTONG_HOST names, ${what[1]} (${code}).`,
    ],
    [
      [
        '不设置 SANTONG_HOST，则只有本机可以访问（127.0.0.1）',
        'leave SANTONG_HOST out: then only this machine reaches Santong (127.0.0.1)',
      ],
      [
        '把 SANTONG_HOST 设为本机的一个地址，或设为 0.0.0.0（本机所有地址）',
        'set it to an address of this machine, or to 0.0.0.0 for all of them',
      ],
    ],
  );
}
