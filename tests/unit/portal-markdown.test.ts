import { markdown } from '../../portal/src/lib/markdown.ts';

test('headings, lists, tables, quotes and code are told apart, each ending where the next begins', () => {
  const blocks = markdown(
    '# 一\n正文\n## 二\n- 甲\n- 乙\n1. 丙\n> 引\n\n| 列 | 列 |\n|---|---|\n| 1 | 2 |\n\n```\n## 码\n```',
  );
  expect(blocks.map(({ kind }) => kind)).toEqual([
    'heading',
    'paragraph',
    'heading',
    'list',
    'list',
    'quote',
    'table',
    'code',
  ]);
  expect(blocks[0]).toMatchObject({ level: 2 });
  expect(blocks[4]).toMatchObject({ isOrdered: true });
  expect(blocks[7]).toEqual({ kind: 'code', text: '## 码' });
});

test('emphasis, code and links stand within a line; what is in code is nothing else', () => {
  expect(markdown('**粗** *斜* `**码**` [字](https://a.example/b)')).toMatchObject([
    {
      parts: [
        { kind: 'strong', parts: [{ text: '粗' }] },
        { text: ' ' },
        { kind: 'em', parts: [{ text: '斜' }] },
        { text: ' ' },
        { kind: 'code', text: '**码**' },
        { text: ' ' },
        { kind: 'link', href: 'https://a.example/b' },
      ],
    },
  ]);
});

test.each([
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/\\evil.example',
  'vbscript:x',
])('a link to %s is text', (href) => {
  const [block] = markdown(`[字](${href})`);
  const kinds = block?.kind === 'paragraph' ? block.parts.map(({ kind }) => kind) : [];
  expect(new Set(kinds)).toEqual(new Set(['text']));
});

test('HTML is text, an open fence ends with the text, and nothing makes it hang', () => {
  expect(markdown('<script>x</script>')).toEqual([
    { kind: 'paragraph', parts: [{ kind: 'text', text: '<script>x</script>' }] },
  ]);
  expect(markdown('```\nx')).toEqual([{ kind: 'code', text: 'x' }]);
  expect(markdown('')).toEqual([]);
  expect(markdown(`${'*'.repeat(5_000)}${'['.repeat(5_000)}${'|'.repeat(5_000)}`)).toHaveLength(1);
});
