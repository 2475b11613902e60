/** The part of the library (which has no types of its own) that the worker uses. */
declare module 'camunda-external-task-client-js' {
  export interface TypedValue {
    type: string;
    value: unknown;
    valueInfo?: Record<string, unknown>;
  }

  export class Variables {
    setAllTyped(values: Record<string, TypedValue>): this;
    getAllTyped(): Record<string, TypedValue>;
  }

  export interface LockedTask {
    id: string;
    topicName: string;
    businessKey: string | null;
    processInstanceId: string;
    processDefinitionKey: string;
    processDefinitionId: string;
    activityId: string;
    activityInstanceId: string;
    executionId: string;
    retries: number | null;
    extensionProperties: Record<string, string> | null;
  }

  export interface TaskService {
    complete(task: LockedTask, variables?: Variables): Promise<void>;
    handleFailure(
      task: LockedTask,
      failure: { errorMessage: string; errorDetails: string; retries: number; retryTimeout: number },
    ): Promise<void>;
    handleBpmnError(task: LockedTask, code: string, message: string, variables?: Variables): Promise<void>;
    extendLock(task: LockedTask, ms: number): Promise<void>;
  }

  export interface TopicQuery {
    topicName: string;
    lockDuration: number;
    includeExtensionProperties?: boolean;
  }

  export class Client {
    constructor(options: {
      baseUrl: string;
      workerId: string;
      autoPoll: boolean;
      lockDuration: number;
      interceptors(request: Record<string, unknown>): Record<string, unknown>;
    });
    readonly engineService: {
      fetchAndLock(query: { maxTasks: number; usePriority: boolean; topics: TopicQuery[] }): Promise<LockedTask[]>;
    };
    subscribe(
      topic: string,
      options: object,
      handler: (delivery: { task: LockedTask & { variables: Variables }; taskService: TaskService }) => Promise<void>,
    ): void;
    executeTask(task: LockedTask): Promise<void>;
  }
}
