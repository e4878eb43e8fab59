import type { CommanderError, Option } from 'commander';

/** What Commander finds wrong, in Chinese: its own sentence, and ours with the parts of it. */
const FAULTS: Readonly<Record<string, readonly [english: RegExp, chinese: string]>> = {
  'commander.missingArgument': [/missing required argument '(.+)'/, '缺少参数“$1”'],
  'commander.optionMissingArgument': [/option '(.+)' argument missing/, '选项“$1”缺少值'],
  'commander.missingMandatoryOptionValue': [/required option '(.+)' not specified/, '缺少选项“$1”'],
  'commander.conflictingOption': [/option '(.+)' cannot be used with option '(.+)'/, '选项“$1”不能与“$2”同时使用'],
  'commander.unknownOption': [/unknown option '(.+?)'/, '没有选项“$1”'],
  'commander.unknownCommand': [/unknown command '(.+?)'/, '没有命令“$1”'],
  'commander.excessArguments': [
    /too many arguments(?: for '(.+)')?\. Expected (\d+) arguments? but got (\d+)\./,
    '参数太多：应为 $2 个，给了 $3 个',
  ],
  'commander.invalidArgument': [
    /option '(.+)' argument '(.*)' is invalid\. Allowed choices are (.+)\./,
    '选项“$1”的值“$2”无效，可选：$3',
  ],
};

const SUGGESTION = /\(Did you mean (?:one of )?(.+)\?\)/;

/** What is wrong with a command line, in Chinese; what nobody has put into words yet stays as Commander says it. */
export function usageFaultZh({ code, message }: CommanderError): string {
  const said = message.replace(/^error: /, '').trim();
  const [english, chinese] = FAULTS[code] ?? [];
  const found = english?.exec(said);
  if (!found || chinese === undefined) return said;
  const suggested = SUGGESTION.exec(said)?.[1];
  const sentence = chinese.replaceAll(/\$(\d)/g, (_, nth: string) => found[Number(nth)] ?? '');
  return suggested === undefined ? sentence : `${sentence}（是不是 ${suggested}？）`;
}

/** An option's description in help, with its choices and its default, in Chinese. */
export function optionHelpZh({ description, argChoices, defaultValue }: Option): string {
  const more = [
    ...(argChoices ? [`可选：${argChoices.join('、')}`] : []),
    ...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`默认：${String(defaultValue)}`]),
  ];
  return more.length === 0 ? description : `${description}（${more.join('；')}）`;
}
