import { randomUUID } from 'node:crypto';
import type { Row } from '../support/route-row.ts';

const ADMIN = 'admin';
const any = { 'If-Match': '*' };

/** The rows of people and departments for the table of who may what. */
export const DIRECTORY_ROWS: Readonly<Record<string, Row>> = {
  'GET /api/people': {
    path: () => '/api/people',
    right: 'auditor',
    wrong: ['data-bureau.authority', 403],
    bad: { path: () => '/api/people?role=king&active=maybe', status: 422 },
  },
  'POST /api/people': {
    path: () => '/api/people',
    ask: () => ({
      body: { id: `p${randomUUID()}`, name: '新人', department: 'transport', roles: ['requester'] },
    }),
    right: ADMIN,
    wrong: ['auditor', 403],
    bad: { ask: { body: { id: 'A b', name: '', department: 'transport', roles: ['king'] } }, status: 422 },
  },
  'GET /api/people/:id': {
    path: () => '/api/people/transport.lead',
    right: 'auditor',
    wrong: ['transport.lead', 403],
    bad: { path: () => '/api/people/nobody-here', status: 404 },
  },
  'PATCH /api/people/:id': {
    path: () => '/api/people/rolenone',
    ask: () => ({ body: { name: '无岗' }, headers: any }),
    right: ADMIN,
    wrong: ['auditor', 403],
    bad: { ask: { body: { department: 'nowhere', roles: ['auditor', 'requester'] }, headers: any }, status: 422 },
  },
  'POST /api/people/:id/actions': {
    path: () => '/api/people/rolenone/actions',
    ask: () => ({ body: { action: 'unlock' } }),
    right: ADMIN,
    wrong: ['data-bureau.authority', 403],
    bad: { ask: { body: { action: 'promote' } }, status: 422 },
  },
  'GET /api/directory': { path: () => '/api/directory', right: 'auditor', wrong: ['civil-affairs.lead', 403] },
  'GET /api/directory/changes': {
    path: () => '/api/directory/changes',
    right: 'auditor',
    wrong: ['data-bureau.authority', 403],
    bad: { path: () => '/api/directory/changes?limit=0&cursor=', status: 422 },
  },
  'POST /api/departments': {
    path: () => '/api/departments',
    ask: () => ({ body: { id: 'weather', name: '明湖市气象局', nameEn: 'Weather', creditCode: '11370000MB0000001A' } }),
    right: ADMIN,
    wrong: ['auditor', 403],
    bad: { ask: { body: { id: 'W', name: '', nameEn: 'x', creditCode: '1' } }, status: 422 },
  },
  'PATCH /api/departments/:id': {
    path: () => '/api/departments/transport',
    ask: () => ({ body: { nameEn: 'Transport Bureau' }, headers: any }),
    right: ADMIN,
    wrong: ['data-bureau.authority', 403],
    bad: { ask: { body: { ended: true }, headers: any }, status: 422 },
  },
  'GET /api/settings': { path: () => '/api/settings', right: ADMIN, wrong: ['data-bureau.authority', 403] },
  'PUT /api/settings/:key': {
    path: () => '/api/settings/catalogue.watch-hours',
    ask: () => ({ body: { value: 12 } }),
    right: ADMIN,
    wrong: ['auditor', 403],
    bad: { ask: { body: { value: 0 } }, status: 422 },
  },
};
