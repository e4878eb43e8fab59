import { type Api, application, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

async function faultsOf(changes: Record<string, unknown>, account = 'civil-affairs.requester') {
  const answer = await api.ask(account, 'POST', '/api/share-requests', { body: application(changes) });
  expect(answer).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  return answer.body.errors
    .map((error: { pointer: string; code: string }) => `${error.pointer} ${error.code}`)
    .toSorted();
}

const LONG = '长'.repeat(2_001);

test.each<[string, Record<string, unknown>, string[]]>([
  ['an unknown entry', { entryId: 'no-such' }, ['/entryId UnknownEntry']],
  ['a version that is not current', { entryVersion: 2 }, ['/entryVersion UnknownEntry']],
  ['no items', { items: [], masks: {}, rowScope: { all: [] } }, ['/items NoItems']],
  ['an item that the entry does not have', { items: ['name', 'salary'] }, ['/items/1 UnknownItem']],
  ['an item twice', { items: ['name', 'name'] }, ['/items/1 DuplicateItem']],
  ['a mask weaker than the entry’s', { masks: { name: 'none' } }, ['/masks/name MaskTooWeak']],
  ['a mask of another kind', { masks: { id_card: 'name' } }, ['/masks/id_card MaskTooWeak']],
  ['a mask that there is none of', { masks: { name: 'blur' } }, ['/masks/name NotOffered']],
  ['a mask for what is not asked for', { masks: { plate: 'whole' } }, ['/masks/plate MaskForOtherItem']],
  ['a purpose that the entry does not state', { purpose: '商业推广' }, ['/purpose PurposeNotAllowed']],
  ['a mode that the entry does not offer', { mode: 'file' }, ['/mode ModeNotOffered']],
  ['a rate where nothing is called', { rate: { perDay: 5 } }, ['/rate RateForOtherMode']],
  [
    'a rate beyond what is granted',
    { mode: 'service', rate: { perSecond: 1_001, perDay: 10_000_001 } },
    ['/rate/perDay RateTooHigh', '/rate/perSecond RateTooHigh'],
  ],
  [
    'a rate of nothing',
    { mode: 'service', rate: { perSecond: 0, perHour: 1 } },
    ['/rate/perHour UnknownMember', '/rate/perSecond TooShort'],
  ],
  ['a period in the past', { period: { from: '2020-01-01', to: '2020-12-31' } }, ['/period/from PeriodPast']],
  ['a period that ends first', { period: { from: '2099-02-01', to: '2099-01-01' } }, ['/period/to PeriodReversed']],
  ['a period of many years', { period: { from: '2099-01-01', to: '2102-01-02' } }, ['/period/to PeriodTooLong']],
  ['a date that does not exist', { period: { from: '2099-02-30', to: '2099-03-01' } }, ['/period/from DateUnknown']],
  ['a date that is none', { period: { from: 'soon', to: '2099-03-01' } }, ['/period/from Malformed']],
  [
    'a warranty not given',
    { warranties: { true: true, lawful: false, necessary: false } },
    ['/warranties/lawful WarrantyMissing', '/warranties/necessary WarrantyMissing'],
  ],
  ['a warranty left out', { warranties: { true: true, lawful: true } }, ['/warranties/necessary Required']],
  [
    'attachments of nobody',
    { attachments: ['00000000-0000-4000-8000-000000000000'] },
    ['/attachments/0 UnknownAttachment'],
  ],
  ['text that is too long', { scenario: LONG, legalBasis: '' }, ['/legalBasis TooShort', '/scenario TooLong']],
  ['NUL in a text', { scenario: '核验\u0000申请' }, ['/scenario ForbiddenCharacter']],
  ['half a character', { legalBasis: '依据\ud800依据' }, ['/legalBasis ForbiddenCharacter']],
  ['a member that nobody knows', { colour: 'red', 'a/b': 1 }, ['/a~1b UnknownMember', '/colour UnknownMember']],
  [
    'SQL for a row scope',
    { rowScope: { all: [{ item: 'name) or 1=1 --', operator: 'eq', value: 'x' }] } },
    ['/rowScope/all/0/item UnknownItem'],
  ],
  ['a row scope that is none', { rowScope: 'true' }, ['/rowScope NotAScope']],
])('%s is told with its pointer', async (_, changes, expected) => {
  expect(await faultsOf(changes)).toEqual(expected);
});

test('every fault is told at once, those of shape and those of substance together', async () => {
  const found = await faultsOf({
    items: ['name', 'salary'],
    purpose: '商业推广',
    mode: 'teleport',
    period: { from: '2020-01-01', to: '2019-01-01' },
    warranties: { true: false, lawful: true, necessary: true },
    scenario: '',
    rowScope: {
      all: [
        { item: 'name', operator: 'lt', value: 7 },
        { item: 'nothing', operator: 'eq', value: 1 },
      ],
    },
    surprise: true,
  });
  expect(found).toEqual([
    '/items/1 UnknownItem',
    '/mode NotOffered',
    '/period/from PeriodPast',
    '/period/to PeriodReversed',
    '/purpose PurposeNotAllowed',
    '/rowScope/all/0/value WrongType',
    '/rowScope/all/1/item UnknownItem',
    '/scenario TooShort',
    '/surprise UnknownMember',
    '/warranties/true WarrantyMissing',
  ]);
});

test('what is wrong within a part hides nothing else of it, nor of what goes with it', async () => {
  const found = await faultsOf({
    items: ['name', 'nope', 1, null, 'name', 'id_card'],
    masks: { name: 'none', id_card: 'blur', plate: 'whole' },
    period: { from: 'soon', to: '2099-02-30' },
    warranties: { true: false, lawful: 'yes' },
    attachments: ['x', '00000000-0000-4000-8000-000000000000'],
    mode: 'service',
    rate: { perSecond: 0, perDay: 10_000_001 },
    follows: { as: 'renewal' },
    further: [
      { entryId: 'companies', items: ['name', 7, 'nope'], masks: { name: 1 } },
      { entryId: 'no-such', items: ['name'] },
      { items: ['name'] },
      'none',
    ],
  });
  expect(found).toEqual(
    [
      '/items/1 UnknownItem',
      '/items/2 WrongType',
      '/items/3 WrongType',
      '/items/4 DuplicateItem',
      '/masks/id_card NotOffered',
      '/masks/name MaskTooWeak',
      '/masks/plate MaskForOtherItem',
      '/period/from Malformed',
      '/period/to DateUnknown',
      '/warranties/true WarrantyMissing',
      '/warranties/lawful WrongType',
      '/warranties/necessary Required',
      '/attachments/0 Malformed',
      '/attachments/1 UnknownAttachment',
      '/rate/perSecond TooShort',
      '/rate/perDay RateTooHigh',
      '/follows/caseId Required',
      '/further/0/items/1 WrongType',
      '/further/0/items/2 UnknownItem',
      '/further/0/masks/name NotOffered',
      '/further/0/purpose PurposeNotAllowed',
      '/further/1/entryId UnknownEntry',
      '/further/2/entryId Required',
      '/further/3 WrongType',
    ].toSorted(),
  );
});

test('where the mode is not known nothing is said of what depends on it', async () => {
  const further = [{ entryId: 'companies', items: ['name'] }];
  const found = await faultsOf({ mode: 'teleport', rate: { perDay: 5 }, file: { format: 'csv' }, further });
  expect(found.filter((one: string) => /mode|rate|file/.test(one))).toEqual(['/mode NotOffered']);
});

test('nothing at all is told as everything that is missing', async () => {
  const answer = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body: {} });
  const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
  const required = ['entryId', 'items', 'legalBasis', 'scenario', 'purpose', 'mode', 'period', 'warranties'];
  expect(pointers.toSorted()).toEqual(required.map((name) => `/${name}`).toSorted());
});

test('a withheld entry is refused with the document and article that withhold it, in the caller’s language', async () => {
  const body = application({
    entryId: 'sealed-juvenile-records',
    items: ['seal_no'],
    masks: {},
    rowScope: { all: [] },
  });
  const answer = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body });
  const [fault] = answer.body.errors;
  expect(fault).toMatchObject({ pointer: '/entryId', code: 'Withheld' });
  expect(fault.message).toBe('依据中华人民共和国刑事诉讼法第二百八十六条，该目录不予共享');
});

test('the message says what the rule allows and where a number comes from', async () => {
  const period = { from: '2099-01-01', to: '2105-01-01' };
  const body = application({ purpose: '商业推广', period });
  const headers = { 'Accept-Language': 'en' };
  const { body: problem } = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body, headers });
  const messages = problem.errors.map((error: { message: string }) => error.message).join('\n');
  expect(messages).toContain('社会救助资格核验');
  expect(messages).toContain('longer than 3 years (setting share-request.longest-years)');
});

test('a place may set another longest period', async () => {
  const { knex } = api.engine.platform;
  await knex('settings').insert({ key: 'share-request.longest-years', value: '1' });
  const period = { from: '2099-01-01', to: '2100-01-02' };
  expect(await faultsOf({ period })).toEqual(['/period/to PeriodTooLong']);
  await knex('settings').where({ key: 'share-request.longest-years' }).delete();
});

test('a department that the entry does not name, and the provider itself, may not ask', async () => {
  const { knex } = api.engine.platform;
  await knex.raw(
    `update catalogue_entries set body = jsonb_set(body, '{conditions,departments}', '["statistics"]') where id = 'persons'`,
  );
  expect(await faultsOf({})).toEqual(['/entryId DepartmentNotAllowed']);
  expect(await faultsOf({}, 'public-security.requester')).toEqual(['/entryId OwnData']);
  await knex.raw(
    `update catalogue_entries set body = jsonb_set(body, '{conditions,departments}', '["civil-affairs"]') where id = 'persons'`,
  );
});

test('a file of another department cannot be attached, and nobody else is told that it exists', async () => {
  const upload = { raw: '内容', headers: { 'Content-Type': 'application/octet-stream' } };
  const path = `/api/attachments?name=${encodeURIComponent('函.pdf')}&mediaType=application/pdf`;
  const { status, body } = await api.ask('statistics.requester', 'POST', path, upload);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    name: '函.pdf',
    size: 6,
    mediaType: 'application/pdf',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await faultsOf({ attachments: [body.id] })).toEqual(['/attachments/0 UnknownAttachment']);
  expect((await api.ask('civil-affairs.requester', 'GET', body.href)).status).toBe(404);
  const own = await api.ask('statistics.lead', 'GET', body.href);
  expect(own).toMatchObject({ status: 200, body: '内容' });
  expect(own.headers.get('Content-Disposition')).toBe("attachment; filename*=UTF-8''%E5%87%BD.pdf");
});

test('a file sent again under the same key is the same file; too large a one is refused', async () => {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const send = (raw: Uint8Array | string, key: string) =>
    api.ask('transport.requester', 'POST', '/api/attachments?name=a.bin', { raw, headers, key });
  const first = await send('one', 'file-1');
  expect((await send('one', 'file-1')).body.id).toBe(first.body.id);
  expect(await send('two', 'file-1')).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  expect(await send(new Uint8Array(10_485_761), 'file-2')).toMatchObject({ status: 413 });
  expect(await send('', 'file-3')).toMatchObject({ status: 422 });
});
