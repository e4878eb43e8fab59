import type { Endpoint } from '../endpoint.ts';
import { absenceEndpoints } from './absences/routes.ts';
import { alertEndpoints } from './alerts/routes.ts';
import { alertRuleEndpoints } from './alerts/rules.ts';
import { articleEndpoints } from './articles/routes.ts';
import { attachmentEndpoints } from './attachments/routes.ts';
import { calendarEndpoints } from './calendars/routes.ts';
import { auditEndpoints } from './cases/audit.ts';
import { caseEndpoints } from './cases/routes.ts';
import { catalogueDraftEndpoints } from './catalogue-drafts/routes.ts';
import { compilationEndpoints } from './catalogue-compilations/routes.ts';
import { catalogueFileEndpoints } from './catalogue-files/routes.ts';
import { catalogueEndpoints } from './catalogue/routes.ts';
import { catalogueChangeEndpoints } from './catalogue/changes.ts';
import { synonymEndpoints } from './catalogue/synonyms.ts';
import { driftEndpoints } from './catalogue/drifts.ts';
import { entryCountEndpoints } from './catalogue/counts.ts';
import { entrySampleEndpoints } from './catalogue/samples.ts';
import { entryUseEndpoints } from './catalogue/use.ts';
import { entryVersionEndpoints } from './catalogue/versions.ts';
import { subscriptionEndpoints } from './catalogue/subscriptions.ts';
import { commandEndpoints } from './commands/routes.ts';
import { dataMapEndpoints } from './data-map/routes.ts';
import { dataSourceEndpoints } from './data-sources/routes.ts';
import { deliveryFileEndpoints } from './deliveries/files.ts';
import { deliveryEndpoints } from './deliveries/routes.ts';
import { departmentEndpoints } from './departments/routes.ts';
import type { RouteDeps } from './deps.ts';
import { eventEndpoints } from './events/routes.ts';
import { gatewayEndpoints } from './gateway/routes.ts';
import { grantKeyEndpoints } from './grants/keys.ts';
import { grantEndpoints } from './grants/routes.ts';
import { healthEndpoints } from './health/routes.ts';
import { linkEndpoints } from './links/routes.ts';
import { metricsEndpoints } from './metrics/routes.ts';
import { openEndpoints } from './open/routes.ts';
import { migrationEndpoints } from './routes/migrations.ts';
import { routeEndpoints } from './routes/routes.ts';
import { needEndpoints } from './needs/routes.ts';
import { readEndpoints } from './reads/routes.ts';
import { reconciliationEndpoints } from './reconciliations/routes.ts';
import { settlementEndpoints } from './reconciliations/settlements.ts';
import { processEndpoints } from './processes/routes.ts';
import { noticeEndpoints } from './notices/routes.ts';
import { peopleEndpoints } from './people/routes.ts';
import { serviceEndpoints } from './services/routes.ts';
import { sessionEndpoints } from './session/routes.ts';
import { sharingLineEndpoints } from './sharing-lines/routes.ts';
import { settingEndpoints } from './settings/routes.ts';
import { shareRequestDraftEndpoints } from './share-request-drafts/routes.ts';
import { shareRequestEndpoints } from './share-requests/routes.ts';
import { statisticsEndpoints } from './statistics/routes.ts';
import { besideTaskEndpoints } from './tasks/beside.ts';
import { taskEndpoints } from './tasks/routes.ts';
import { webhookDeliveryEndpoints } from './webhooks/deliveries.ts';
import { webhookEndpoints } from './webhooks/routes.ts';

/** Every route of the API, in the order in which the documentation lists them. */
export function endpoints(deps: RouteDeps): Endpoint[] {
  return [
    ...sessionEndpoints(deps),
    ...departmentEndpoints(deps),
    ...peopleEndpoints(deps),
    ...settingEndpoints(deps),
    ...catalogueDraftEndpoints(deps),
    // Before the entries, of which none is called so.
    ...subscriptionEndpoints(deps),
    ...catalogueChangeEndpoints(deps),
    ...synonymEndpoints(deps),
    // Before those whose path ends in any id.
    ...dataSourceEndpoints(deps),
    ...compilationEndpoints(deps),
    ...driftEndpoints(deps),
    ...catalogueFileEndpoints(deps),
    ...catalogueEndpoints(deps),
    ...entryVersionEndpoints(deps),
    ...entryCountEndpoints(deps),
    ...entryUseEndpoints(deps),
    ...entrySampleEndpoints(deps),
    ...needEndpoints(deps),
    ...reconciliationEndpoints(deps),
    ...settlementEndpoints(deps),
    ...dataMapEndpoints(deps),
    ...attachmentEndpoints(deps),
    ...shareRequestDraftEndpoints(deps),
    ...shareRequestEndpoints(deps),
    ...processEndpoints(deps),
    ...caseEndpoints(deps),
    ...auditEndpoints(deps),
    ...taskEndpoints(deps),
    ...besideTaskEndpoints(deps),
    ...absenceEndpoints(deps),
    ...routeEndpoints(deps),
    ...migrationEndpoints(deps),
    ...grantEndpoints(deps),
    ...sharingLineEndpoints(deps),
    ...serviceEndpoints(deps),
    ...grantKeyEndpoints(deps),
    ...gatewayEndpoints(deps),
    ...deliveryEndpoints(deps),
    ...deliveryFileEndpoints(deps),
    ...noticeEndpoints(deps),
    ...eventEndpoints(deps),
    ...webhookEndpoints(deps),
    ...webhookDeliveryEndpoints(deps),
    ...calendarEndpoints(deps),
    ...commandEndpoints(deps),
    ...statisticsEndpoints(deps),
    ...readEndpoints(deps),
    ...linkEndpoints(deps),
    ...alertEndpoints(deps),
    ...alertRuleEndpoints(deps),
    ...articleEndpoints(deps),
    ...openEndpoints(deps),
    ...healthEndpoints(deps),
    ...metricsEndpoints(deps),
  ];
}
