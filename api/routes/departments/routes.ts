import { listDepartments } from '../../../store/departments.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { department } from './schema.ts';

export function departmentEndpoints({ db }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/departments',
      tag: 'departments',
      summary: 'Every department, in the order of the city',
      access: { object: 'department', action: 'read' },
      answers: { 200: listOf(department) },
      async handle() {
        return { status: 200, body: { items: await listDepartments(db), nextCursor: null } };
      },
    }),
  ];
}
