import type { EnginePort, Incident } from '../port/index.ts';
import { allPages } from './pages.ts';
import type { Rest } from './rest.ts';

interface WorkAnswer {
  id: string;
  topicName: string;
  processInstanceId: string;
  activityId: string;
  retries: number | null;
  lockExpirationTime: string | null;
  errorMessage: string | null;
}

interface IncidentAnswer {
  id: string;
  incidentType: string;
  configuration: string | null;
  processInstanceId: string;
  activityId: string;
  incidentTimestamp: string;
  incidentMessage: string | null;
}

const KINDS: Record<string, Incident['kind']> = { failedJob: 'job', failedExternalTask: 'work' };

export function works(rest: Rest): Pick<EnginePort, 'openWork' | 'retryWork' | 'incidents'> {
  return {
    async openWork({ instanceId, topic }) {
      const found = await allPages<WorkAnswer>(rest, '/external-task', 'id', {
        ...(instanceId && { processInstanceId: instanceId }),
        ...(topic && { topicName: topic }),
      });
      return found.map((work) => ({
        id: work.id,
        topic: work.topicName,
        instanceId: work.processInstanceId,
        activityId: work.activityId,
        retries: work.retries,
        locked: work.lockExpirationTime !== null && Date.parse(work.lockExpirationTime) > Date.now(),
        ...(work.errorMessage && { failure: work.errorMessage }),
      }));
    },

    async retryWork(id, retries) {
      await rest.put(`/external-task/${id}/retries`, { retries });
      await rest.post(`/external-task/${id}/unlock`, {});
    },

    async incidents({ instanceId }) {
      const found = await rest.get<IncidentAnswer[]>('/incident', {
        ...(instanceId && { processInstanceId: instanceId }),
        maxResults: '2000',
        sortBy: 'incidentId',
        sortOrder: 'asc',
      });
      return found.map((incident) => ({
        id: incident.id,
        kind: KINDS[incident.incidentType] ?? 'other',
        of: incident.configuration,
        instanceId: incident.processInstanceId,
        activityId: incident.activityId,
        at: new Date(incident.incidentTimestamp),
        message: incident.incidentMessage ?? '',
      }));
    },
  };
}
