import { metricsAccess } from '../../../metrics/listener.ts';
import { type Endpoint, publicEndpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import type { RouteDeps } from '../deps.ts';

/** For Prometheus, which has no session: whoever shows the token; without a token, this machine. */
export function metricsEndpoints({ meter, outside }: RouteDeps): Endpoint[] {
  return [
    publicEndpoint({
      method: 'get',
      path: '/metrics',
      tag: 'health',
      summary: 'Metrics in the text format of Prometheus, for whoever shows SANTONG_METRICS_TOKEN',
      answers: { 200: 'text/plain' },
      async handle(call) {
        const { metricsToken: token, publicUrl } = outside;
        const access = metricsAccess(call, { token, isProxied: publicUrl !== undefined });
        if (access === 'unauthenticated') throw new Problem('NotAuthenticated');
        if (access === 'forbidden') throw new Problem('NotAllowed');
        const { registry } = meter;
        return { status: 200, body: await registry.metrics(), headers: { 'Content-Type': registry.contentType } };
      },
    }),
  ];
}
