import { z } from 'zod';
import { SOURCE_KINDS } from '../../../domain/data-source.ts';
import { id, text, time } from '../../schema.ts';

export const sourceParams = z.object({ id });

const secret = z.string().min(1).max(1_000);

const TLS = z
  .enum(['none', 'encrypted', 'verified'])
  .default('none')
  .meta({ description: 'Whether the connection is encrypted, and the server’s certificate checked as well.' });

const database = z.strictObject({
  kind: z.literal('postgresql'),
  host: z.string().regex(/^(?:[A-Za-z0-9](?:[\w.-]{0,250}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45})$/),
  port: z.number().int().min(1).max(65_535).default(5432),
  database: text(1, 63),
  user: text(1, 63),
  password: secret,
  tls: TLS,
});

const mysql = database
  .extend({
    kind: z.literal('mysql'),
    port: z.number().int().min(1).max(65_535).default(3306),
    database: text(1, 64),
    user: text(1, 80),
  })
  .meta({ description: 'MySQL from 8.0 on, or MariaDB from 10.6 on.' });

const folder = z.strictObject({
  kind: z.literal('folder'),
  path: z.string().max(500).meta({ description: 'In the department’s own folder on the server; empty: that itself.' }),
});

const service = z.strictObject({
  kind: z.literal('http'),
  url: z.string().min(1).max(1_000).meta({ description: 'The base address of the service, http or https.' }),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), z.string().regex(/^[\x20-\x7e]{1,4000}$/))
    .default({})
    .meta({ description: 'What the service asks for to let the platform in: `Authorization`.' }),
});

export const connection = z.discriminatedUnion('kind', [database, mysql, folder, service]);
export type ConnectionInput = z.output<typeof connection>;

export const newSource = z
  .strictObject({ name: text(1, 100), connection })
  .meta({ id: 'NewDataSource', description: 'How it is reached is stored sealed and never shown again.' });

export const sourceChange = z
  .strictObject({ name: text(1, 100).optional(), connection: connection.optional() })
  .meta({ id: 'DataSourceChange', description: 'A connection is replaced as a whole.' });

const reason = z.object({ code: z.string(), message: z.string() });

export const source = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(SOURCE_KINDS),
    revision: z.number().int(),
    createdAt: time,
    updatedAt: time,
    health: z
      .object({
        lookedAt: time.nullable(),
        reachedAt: time.nullable().meta({ description: 'The last look that went well.' }),
        failures: z.number().int().meta({ description: 'Looks that have failed since.' }),
        failure: reason.nullable(),
      })
      .meta({ description: 'How the looks at it have gone: at tests, drafts and the watch for drift.' }),
    actions: z.array(z.object({ action: z.enum(['compile', 'test', 'change']) })),
  })
  .meta({ id: 'DataSource' });

export const sourceList = z.object({ items: z.array(source), nextCursor: z.null() });

export const probe = z
  .object({
    isReached: z.boolean(),
    latencyMs: z.number().int().nullable(),
    version: z.string().nullable(),
    readable: z
      .object({ count: z.number().int(), names: z.array(z.string()) })
      .nullable()
      .meta({ description: 'Tables and views, or files, that can be read; the first of them by name.' }),
    failure: reason.nullable(),
  })
  .meta({ id: 'DataSourceTest' });
