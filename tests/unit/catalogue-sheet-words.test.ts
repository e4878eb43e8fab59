import * as words from '../../domain/catalogue-sheet/words.ts';

describe('words as departments write them', () => {
  it.each([
    ['无条件共享', 'unconditional'],
    ['有条件共享类', 'conditional'],
    ['不予共享', 'withheld'],
    ['不共享', 'withheld'],
    ['看情况', undefined],
  ])('share type %s', (word, expected) => expect(words.shareTypeOf(word)).toBe(expected));

  it.each([
    ['每6分钟', 'PT6M'],
    ['每 6 分钟', 'PT6M'],
    ['每日', 'daily'],
    ['每1天', 'daily'],
    ['每季度', 'quarterly'],
    ['季', 'quarterly'],
    ['每半年', 'half-yearly'],
    ['每两周', 'P2W'],
    ['每十五天', 'P15D'],
    ['每小时', 'PT1H'],
    ['实时', 'real-time'],
    ['不定期', 'irregular'],
    ['每年更新', 'yearly'],
    ['很快', undefined],
    ['0天', undefined],
  ])('update cycle %s', (word, expected) => expect(words.updateCycleOf(word)).toBe(expected));

  it.each([
    ['字符型C', 'C'],
    ['varchar(20)', 'C'],
    ['日期时间型', 'T'],
    ['日期', 'D'],
    ['整型', 'I'],
    ['N', 'N'],
    ['数据', undefined],
  ])('type %s', (word, expected) => expect(words.itemTypeOf(word)).toBe(expected));

  it.each([
    ['《中华人民共和国刑事诉讼法》第二百八十六条', 'law'],
    ['《婚姻登记条例》第九条', 'administrative-regulation'],
    ['《城市道路管理条例》第二条', 'administrative-regulation'],
    ['《国务院关于在线政务服务的若干规定》', undefined],
    ['《国务院关于取消一批行政许可事项的决定》附件', 'state-council-decision'],
    ['《沈阳市养犬管理条例》第三条', undefined],
    ['《辽宁省档案条例》第三条', undefined],
    ['《某市管理办法》第三条', undefined],
    ['内部规定', undefined],
  ])('basis %s', (word, level) => expect(words.withheldBasisOf(word)?.level).toBe(level));

  it('several in one cell, but what is within brackets is one', () => {
    expect(words.listOf('姓名、性别；金额（万元、亿元），日期;备注')).toEqual([
      '姓名',
      '性别',
      '金额（万元、亿元）',
      '日期',
      '备注',
    ]);
  });
});
