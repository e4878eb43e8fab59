import type { Finding, FindingCode } from './delivery-verification.ts';

/** `{name}` is filled from the finding's params. */
const SENTENCES: Readonly<Record<FindingCode, readonly [zh: string, en: string]>> = {
  RowsMore: [
    '目标表比交付时多{by}行（交付{rows}行，现有{found}行）。',
    'The target table has {by} more rows than were delivered ({rows} delivered, {found} there).',
  ],
  RowsFewer: [
    '目标表比交付时少{by}行（交付{rows}行，现有{found}行）。',
    'The target table has {by} fewer rows than were delivered ({rows} delivered, {found} there).',
  ],
  ContentDiffers: [
    '目标表行数相同（{rows}行），但内容与交付时不同：摘要不一致。',
    'The target table has as many rows as were delivered ({rows}), but other content: the digests differ.',
  ],
  TableMissing: [
    '目标表{table}或其中交付的列已不存在。',
    'The target table {table}, or a delivered column of it, is gone.',
  ],
  TargetUnread: [
    '目标库暂时无法读取（{code}），未能核对其中的内容。',
    'The target cannot be read now ({code}): what is in it was not held against the manifest.',
  ],
  ListingAltered: [
    '目标库 received.deliveries 中的清单与平台保存的不一致。',
    'The manifest in the target’s received.deliveries is not the one that the platform holds.',
  ],
  ListingAbsent: [
    '目标库 received.deliveries 中没有这次交付。',
    'The target’s received.deliveries does not list this delivery.',
  ],
  ManifestAltered: [
    '清单链在第{at}份（{deliveryId}）断开：该清单记录后被改动。',
    'The chain of manifests is broken at number {at} ({deliveryId}): it was altered after it was noted.',
  ],
  ManifestMissing: [
    '清单链在第{at}份（{deliveryId}）断开：该清单缺失。',
    'The chain of manifests is broken at number {at} ({deliveryId}): it is missing.',
  ],
  ChainBroken: [
    '清单链在第{at}份（{deliveryId}）断开：它之前的清单缺失、被改动或次序不对。',
    'The chain of manifests is broken at number {at} ({deliveryId}): what comes before it is missing, altered or out of order.',
  ],
  SuccessorUnknown: [
    '目标库称已由交付{by}替换，但平台没有这次交付的清单。',
    'The target says that the delivery {by} took the place of this one, but the platform has no manifest of it.',
  ],
  Superseded: [
    '目标表已由之后的交付{by}替换，无法再核对这次交付的行。',
    'A later delivery, {by}, has taken the place of the rows: they cannot be held against this one any more.',
  ],
  FileDiffers: [
    '文件{file}的内容已不是交付时的：清单记{bytes}字节，现有{found}字节，摘要不同。',
    'The file {file} is not what was delivered: {bytes} bytes by the manifest, {found} now, with another digest.',
  ],
  FileGone: [
    '文件{file}已不在原处（已被取走，或授权已结束）：请用其摘要核对（SHA-256 {sha256}）。',
    'The file {file} is not where it was delivered any more (taken away, or its grant is over): hold it against its digest (SHA-256 {sha256}).',
  ],
  ServiceOpened: [
    '这次交付开通的是服务接口{service}，没有移动数据；调用情况见用量记录。',
    'It opened the service {service} and moved nothing: what was called is in the records of usage.',
  ],
  NotChained: ['这次交付早于清单链，清单未成链。', 'The delivery is from before manifests were chained.'],
};

/** What a verification found, in a sentence for a person. */
export function findingSentence({ code, params }: Finding, language: 'zh' | 'en'): string {
  const sentence = SENTENCES[code][language === 'zh' ? 0 : 1];
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
