import { NEVER, type EnginePort, type Job } from '../port/index.ts';
import { toEngineDate } from './dates.ts';
import { allPages } from './pages.ts';
import type { Rest } from './rest.ts';

interface JobAnswer {
  id: string;
  jobDefinitionId: string | null;
  processInstanceId: string | null;
  dueDate: string | null;
  retries: number;
  exceptionMessage: string | null;
}

interface JobDefinition {
  activityId: string;
  jobType: string;
}

export function jobs(rest: Rest): Pick<EnginePort, 'jobs' | 'executeJob' | 'setJobDue' | 'retryJob'> {
  // job definitions never change; one that isn't here yet is asked for
  const definitions = new Map<string, Promise<JobDefinition>>();

  return {
    async jobs({ instanceId, dueUntil, kind }) {
      const found = await allPages<JobAnswer>(rest, '/job', 'jobId', {
        ...(instanceId && { processInstanceId: instanceId }),
        ...(dueUntil && { dueDates: [{ operator: 'lt', value: toEngineDate(new Date(dueUntil.getTime() + 1)) }] }),
        ...(kind === 'timer' && { timers: true }),
        ...(kind === 'message' && { messages: true }),
      });
      // the engine's own jobs belong to no case
      const ofCases = found.filter((job) => job.processInstanceId && job.jobDefinitionId);
      return (await Promise.all(ofCases.map(toJob))).sort(byDue);
    },

    executeJob: (id) => rest.post(`/job/${id}/execute`, {}),

    setJobDue: (id, due) =>
      rest.put(`/job/${id}/duedate`, { duedate: toEngineDate(due === 'never' ? new Date(NEVER) : due) }),

    retryJob: (id, retries) => rest.put(`/job/${id}/retries`, { retries }),
  };

  async function toJob(answer: JobAnswer): Promise<Job> {
    const { activityId, jobType } = await definition(answer.jobDefinitionId!);
    return {
      id: answer.id,
      instanceId: answer.processInstanceId!,
      kind: jobType.startsWith('timer') ? 'timer' : 'message',
      due: answer.dueDate ? new Date(answer.dueDate) : null,
      activityId,
      retries: answer.retries,
      ...(answer.exceptionMessage && { failure: answer.exceptionMessage }),
    };
  }

  function definition(id: string): Promise<JobDefinition> {
    const known = definitions.get(id) ?? rest.get<JobDefinition>(`/job-definition/${id}`);
    definitions.set(id, known);
    known.catch(() => definitions.delete(id));
    return known;
  }
}

function byDue(a: Job, b: Job): number {
  const key = (job: Job) => job.due?.getTime() ?? -Infinity;
  return compare(key(a), key(b)) || compare(a.activityId, b.activityId) || compare(a.id, b.id);
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
