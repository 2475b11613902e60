/** Systems outside: their contracts, calls as jobs that are repeated and kept, counterparts for tests and demonstration. */
import type { AnyRoute, Core } from '../core/index.ts';
import { connectorRoutes } from './connectors.routes.ts';
import { createConnectors as createService, type ConnectorDeps, type Connectors } from './connectors.service.ts';

export { openCounterpartServer, type CounterpartServer } from './counterpart-server.ts';
export type { Connectors } from './connectors.service.ts';
export { createGatewayClient } from './message-gateway/client.ts';
export { createGatewayServer, type GatewayServer } from './message-gateway/server.ts';
export { createSystemsClient } from './systems-client.ts';
export { counterparts, systems } from './systems.ts';

export function createConnectors(core: Core, deps: ConnectorDeps): Connectors & { routes: AnyRoute[] } {
  return { ...createService(core, deps), routes: connectorRoutes(core) };
}
