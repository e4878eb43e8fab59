import type { Command } from 'commander';
import type { SessionAnswer } from '../answers.ts';
import type { Adding } from '../context.ts';

export function addSessionCommands(program: Command, { say, act }: Adding): void {
  program
    .command('login')
    .description(
      say(
        '登录，会话保存在数据目录，供之后的命令使用',
        'log in; the session is kept in the data folder for the commands that follow',
      ),
    )
    .action(
      act(async ({ platform, output }) => {
        const { token: _, ...session } = await platform.keepSession();
        output.result(session, () => [whoIs(session, output)]);
      }),
    );
  program
    .command('logout')
    .description(say('结束保存的会话', 'end the kept session'))
    .action(
      act(async ({ platform, output }) => {
        const ended = await platform.endSession();
        output.result({ ended }, () => [
          ended ? say('已退出', 'Logged out') : say('没有保存的会话', 'No session was kept'),
        ]);
      }),
    );
  program
    .command('whoami')
    .description(say('当前账号', 'who the commands act as'))
    .action(
      act(async ({ platform, output }) => {
        const me = await (await platform.connect()).get<Omit<SessionAnswer, 'token'>>('/api/me');
        output.result(me, () => [whoIs(me, output)]);
      }),
    );
}

function whoIs(
  { person, department, roles }: Pick<SessionAnswer, 'person' | 'department' | 'roles'>,
  output: { name(of: SessionAnswer['department']): string; word(role: string): string },
): string {
  return `${person.name} (${person.id}) · ${output.name(department)} · ${roles.map((role) => output.word(role)).join('、')}`;
}
