import type { Command } from 'commander';
import type { Adding } from '../context.ts';
import { runDemo, summaryLines } from '../demo/run.ts';

export function addDemoCommand(program: Command, { say, act }: Adding): void {
  program
    .command('demo')
    .description(
      say(
        '完整演示：两项共享申请，从提交到交付、核对与回放',
        'the main job: two share requests from filing to delivery, checks and replay',
      ),
    )
    .action(
      act<{ readonly url?: string }>(async (context, options) => {
        const report = await runDemo(context, options);
        context.output.result(report, () => summaryLines(report, context.output));
        return report.ok ? 'done' : 'disagrees';
      }),
    );
}
