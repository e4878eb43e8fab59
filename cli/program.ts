import { Command, Option } from 'commander';
import { addAbsenceCommands } from './commands/absences.ts';
import { addCalendarCommands } from './commands/calendars.ts';
import { addCaseCommands } from './commands/cases.ts';
import { addCatalogueCommands } from './commands/catalogue.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDeliveryCommands } from './commands/deliveries.ts';
import { addGrantCommands } from './commands/grants.ts';
import { addRebuildCommand } from './commands/rebuild.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRouteCommands } from './commands/routes.ts';
import { addSessionCommands } from './commands/session.ts';
import { addTaskCommands } from './commands/tasks.ts';
import type { Adding } from './context.ts';
import { EXIT, EXIT_MEANINGS, type ExitName } from './exit-codes.ts';
import type { Say } from './language.ts';
import type { Streams } from './output.ts';
import { optionHelpZh } from './usage-words.ts';

/** Every command, ready to parse; faults of usage are thrown as CommanderErrors and not written. */
export function createProgram(deps: Adding & { readonly streams: Streams }): Command {
  const { say, act, streams } = deps;
  const program = new Command('santong')
    .description(
      say('三通：政务数据共享平台的流程引擎', 'Santong: the workflow engine of a government data-sharing platform'),
    )
    .option('--json', say('在标准输出只给出一个 JSON 文档', 'one JSON document on standard output and nothing else'))
    .option(
      '--url <url>',
      say(
        '平台地址（SANTONG_URL；默认为本机运行的平台）',
        'address of the platform (SANTONG_URL; the one running here where absent)',
      ),
    )
    .option(
      '--account <account>',
      say(
        '账号（SANTONG_ACCOUNT；默认为 santong login 保存的会话）',
        'account (SANTONG_ACCOUNT; the session kept by santong login where absent)',
      ),
    )
    .option(
      '--password <password>',
      say(
        '密码（SANTONG_PASSWORD；默认取自数据目录的 accounts.json）',
        'password (SANTONG_PASSWORD; accounts.json in the data folder where absent)',
      ),
    )
    .addOption(new Option('--lang <language>', say('语言', 'language')).choices(['zh', 'en']).default('zh'))
    .addHelpText('after', () => `\n${environmentHelp(say)}\n\n${exitHelp(say)}`)
    .helpOption('-h, --help', say('显示帮助', 'show help'))
    .helpCommand('help [command]', say('显示一个命令的帮助', 'show the help of a command'))
    .exitOverride()
    .configureHelp({
      styleTitle: (title) => titleIn(title, say),
      ...(say('zh', 'en') === 'zh' ? { optionDescription: optionHelpZh } : {}),
    })
    .configureOutput({
      writeOut: (text) => streams.out(text),
      writeErr: (text) => streams.err(text),
      outputError: () => {},
    })
    .showHelpAfterError(false);
  const adding: Adding = { say, act };
  addDemoCommand(program, adding);
  addSessionCommands(program, adding);
  addCatalogueCommands(program, adding);
  addCaseCommands(program, adding);
  addTaskCommands(program, adding);
  addGrantCommands(program, adding);
  addDeliveryCommands(program, adding);
  addAbsenceCommands(program, adding);
  addRouteCommands(program, adding);
  addReplayCommand(program, adding);
  addRebuildCommand(program, adding);
  addCalendarCommands(program, adding);
  return program;
}

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '全局选项：',
  'Commands:': '命令：',
};

function titleIn(title: string, say: Say): string {
  return say(TITLES[title] ?? title, title);
}

function environmentHelp(say: Say): string {
  return [
    say('环境变量：', 'Environment:'),
    `  SANTONG_URL        ${say('平台地址', 'address of the platform')}`,
    `  SANTONG_ACCOUNT    ${say('账号', 'account')}`,
    `  SANTONG_PASSWORD   ${say('密码', 'password')}`,
    `  SANTONG_DATA_DIR   ${say('数据目录，默认 .santong', 'data folder, .santong where absent')}`,
  ].join('\n');
}

function exitHelp(say: Say): string {
  const lines = (Object.keys(EXIT) as ExitName[]).map((name) => {
    const [zh, en] = EXIT_MEANINGS[name];
    return `  ${String(EXIT[name]).padStart(3)}  ${say(zh, en)}`;
  });
  return [say('退出码：', 'Exit codes:'), ...lines].join('\n');
}
