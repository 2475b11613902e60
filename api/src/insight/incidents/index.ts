/** Incidents for operators: what stopped, since when, and trying it again. */
export { createIncidentRoutes, type IncidentRouteDeps } from './incidents.routes.ts';
