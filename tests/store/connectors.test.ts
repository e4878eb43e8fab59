import { connectorTests } from '../support/connector-tests.ts';
import { mariaDbConnector, postgresConnector } from '../support/connectors.ts';

const postgres = postgresConnector();
const maria = mariaDbConnector();

// From PostgreSQL to itself: tests/docs/connector.test.ts, in the place of KingbaseES.
connectorTests([
  [postgres, maria],
  [maria, postgres],
  [maria, maria],
]);
