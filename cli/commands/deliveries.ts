import type { Command } from 'commander';
import type { Finding, Verification, VerificationVerdict } from '../../domain/delivery-verification.ts';
import type { Changes, Manifest } from '../../domain/grant.ts';
import type { DeliveryAnswer } from '../answers.ts';
import { type Adding, part } from '../context.ts';
import type { ExitName } from '../exit-codes.ts';
import { fields, type Output } from '../output.ts';

interface VerificationAnswer extends Verification {
  readonly found: readonly (Finding & { readonly message: string })[];
  readonly expected: Pick<Manifest, 'rows' | 'bytes' | 'sha256'>;
}

/** What was not found to differ but could not be held against its rows either is refused, as things stand. */
const VERIFIED: Readonly<Record<VerificationVerdict, ExitName>> = {
  matches: 'done',
  differs: 'disagrees',
  superseded: 'refused',
  unread: 'refused',
};

export function addDeliveryCommands(program: Command, { say, act }: Adding): void {
  const group = program.command('delivery').description(say('交付', 'deliveries'));
  group
    .command('show')
    .argument('<delivery>', say('交付的 id', 'id of the delivery'))
    .description(say('一次交付的进度与清单', 'how a delivery goes, and its manifest'))
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const delivery = await (await platform.connect()).get<DeliveryAnswer>(`/api/deliveries/${part(id)}`);
        output.result(delivery, () => deliveryLines(delivery, output));
      }),
    );
  group
    .command('verify')
    .argument('<delivery>', say('交付的 id', 'id of the delivery'))
    .description(
      say(
        '重新计算目标表的摘要，与清单及清单链核对',
        'compute the digest of the target table again, and hold it against the manifest and the chain of manifests',
      ),
    )
    .action(
      act(async ({ platform, output }, _, id = '') => {
        const client = await platform.connect();
        const verification = await client.post<VerificationAnswer>(`/api/deliveries/${part(id)}/verification`);
        output.result(verification, () => verificationLines(verification, output));
        return VERIFIED[verification.verdict];
      }),
    );
}

function verificationLines({ verdict, found, expected, content, chain }: VerificationAnswer, output: Output): string[] {
  const { say, word } = output;
  const measured = 'rows' in content ? content : undefined;
  const length = chain.verdict === 'broken' ? '–' : String(chain.length);
  return [
    `${word(verdict)} (${verdict})`,
    ...found.map(({ message }) => `  ${message}`),
    '',
    ...fields([
      [say('交付时', 'delivered'), `${expected.rows} · ${expected.sha256}`],
      [say('现有', 'found'), measured === undefined ? '–' : `${measured.rows} · ${measured.sha256}`],
      [say('清单链', 'chain'), `${word(chain.verdict)} · ${length}`],
    ]),
  ];
}

function changesText({ inserted, updated, deleted, total }: Changes, say: Output['say']): string {
  const counts = say(`新增 ${inserted}，更新 ${updated}，删除 ${deleted}`, `+${inserted} ~${updated} −${deleted}`);
  return `${counts} → ${total}`;
}

function deliveryLines(delivery: DeliveryAnswer, { say, word }: Output): string[] {
  const { manifest, progress, reason } = delivery;
  const head = `${delivery.id}  ${word(delivery.status)}`;
  if (!manifest) {
    const done = `${progress.rowsDone}${progress.rowsTotal === null ? '' : ` / ${progress.rowsTotal}`}`;
    const why = reason === null ? [] : [reason.message ?? JSON.stringify(reason)];
    return [head, `${say('行数', 'rows')}  ${done}`, ...why];
  }
  const place = (at: { readonly sourceId: string; readonly schema?: string; readonly table?: string }): string =>
    at.table === undefined ? at.sourceId : `${at.sourceId} · ${at.schema}.${at.table}`;
  const where = ((): readonly [string, string] => {
    if ('file' in manifest) {
      return [say('文件', 'file'), `${manifest.file.name} · ${manifest.file.to} · ${manifest.file.place}`];
    }
    if ('service' in manifest) return [say('服务', 'service'), `/gateway/${manifest.service.id}`];
    return [say('目标', 'target'), place(manifest.target)];
  })();
  return [
    head,
    '',
    ...fields([
      [say('授权', 'grant'), manifest.grantId],
      [say('行数', 'rows'), String(manifest.rows)],
      [say('字节', 'bytes'), String(manifest.bytes)],
      ...('changes' in manifest && manifest.changes
        ? [[say('增量', 'increment'), changesText(manifest.changes, say)] as const]
        : []),
      ['SHA-256', manifest.sha256],
      [say('来源', 'source'), place(manifest.source)],
      where,
      [say('策略', 'policy'), `${manifest.policyVersion} · ${manifest.policyLine}`],
      [say('起止', 'from, to'), `${manifest.startedAt} – ${manifest.endedAt}`],
    ]),
  ];
}
