import type { Command } from 'commander';
import type { Say } from './language.ts';

/** The options of everything that may be done to a case or a task. */
export function decisionOptions(command: Command, say: Say): Command {
  return command
    .option(
      '--opinion <text>',
      say('同意时的意见，或受托提出的意见', 'opinion with an approval, or as one is asked for'),
    )
    .option('--reason <text>', say('理由', 'reason'))
    .option('--reason-code <code>', say('不同意的理由代码', 'code of the reason for a refusal'), 'other')
    .option('--missing <part=text...>', say('要求补正的内容，可多次', 'what is missing, any number of times'))
    .option(
      '--without <item=reason...>',
      say(
        '部分同意：不同意的信息项及理由，可多次；多个资源时写 目录/信息项=理由',
        'items that an approval leaves out, any number of times; entry/item=reason where several entries are asked for',
      ),
    )
    .option('--note <text>', say('说明', 'note'))
    .option('--text <text>', say('评论内容', 'what a comment says'))
    .option('--form <file>', say('修改内容的 JSON 文件', 'JSON file of what is changed in the application'))
    .option(
      '--seen <digest>',
      say('所见申请内容的摘要；默认为当前内容', 'digest of the form that was seen; the current one where absent'),
    )
    .option(
      '--to <to...>',
      say(
        '退回的环节或 applicant；转办、委派、加签的账号；抄送的 角色@部门',
        'stage or applicant to return to; account to hand over to; role@department to tell',
      ),
    )
    .option('--way <how>', say('退回之后：again 重走，straight 直送', 'after a return: again or straight'))
    .option('--place <place>', say('加签位置：before、beside、after', 'of an added seat: before, beside or after'))
    .option('--stage <stage>', say('答复哪个环节的补正通知', 'the stage whose notice is answered'))
    .option('--clock <clock>', say('延期的计时', 'the clock of an extension'))
    .option('--days <n>', say('延期的工作日数', 'working days of an extension'))
    .option('--review-on <date>', say('挂起后的复核日期', 'day on which a suspension is looked at again'))
    .option('--on-behalf <account>', say('代谁办理', 'the absent person whom one stands in for'));
}
