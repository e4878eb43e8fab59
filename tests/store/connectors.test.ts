import { connectorTests } from '../support/connector-tests.ts';
import { mariaDbConnector, postgresConnector } from '../support/connectors.ts';

const postgres = postgresConnector();
const maria = mariaDbConnector();

connectorTests([
  [postgres, maria],
  [maria, postgres],
  [maria, maria],
  [postgres, postgres],
]);
