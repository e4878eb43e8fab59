import { findCommand } from '../../../store/commands.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentCommand } from './present.ts';
import { command } from './schema.ts';

export function commandEndpoints({ db }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/commands/:id',
      tag: 'commands',
      summary: 'What became of a command that was answered 202; told to whoever sent it',
      access: 'anyone',
      params: idParams,
      answers: { 200: command },
      async handle({ params, actor, locale }) {
        const found = await findCommand(db, params.id);
        if (found?.personId !== actor.person) throw new Problem('NotFound');
        return { status: 200, body: presentCommand(found, locale) };
      },
    }),
  ];
}
