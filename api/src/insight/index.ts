/** What operators and leaders look at. */
export { createIncidentRoutes, type IncidentRouteDeps } from './incidents/index.ts';
