import assert from 'node:assert/strict';
import type { EngineErrorKind } from '../port/index.ts';
import { readAnswer, toError } from './answers.ts';

const PERSISTENCE =
  'An exception occurred in the persistence layer. Please check the server logs for a detailed message and the entire exception stack trace.';

/** Section of docs/ENGINE.md, what was asked, the answer as it came, and what it means. */
type Example = [string, number, string, number | null, EngineErrorKind, string, string?];

// prettier-ignore
const EXAMPLES: Example[] = [
  ['3 start with a used key', 500, `Cannot instantiate process definition x:1:7: ${PERSISTENCE}`, 0, 'unavailable', 'persistence'],
  ['4 complete a done task', 500, 'Cannot complete task 7: Cannot find task with id 7: task is null', 0, 'gone', 'task-gone'],
  ['4 complete, lost race', 500, "ENGINE-03005 Execution of 'DELETE TaskEntity[7]' failed. Entity was updated by another transaction concurrently.", 1, 'conflict', 'concurrent'],
  ['4 complete, 4,001 characters', 500, `Cannot complete task 7: ${PERSISTENCE}`, 10002, 'invalid', 'variable-too-long'],
  ['4 complete, suspended', 500, "Cannot complete task 7: ENGINE-03043 task with id '7' is suspended.", 0, 'refused', 'suspended'],
  ['5 completion under another lock', 400, "External Task 7 cannot be completed by worker 'w2'. It is locked by worker 'w1'.", 0, 'gone', 'work-taken'],
  ['5 extension under another lock', 400, "The lock of the External Task 7 cannot be extended by worker 'w2''. It is locked by worker 'w1'.", 0, 'gone', 'work-taken'],
  ['5 completion of work that was cancelled', 404, 'External task with id 7 does not exist', 0, 'gone', 'work-gone'],
  ['5 completion, suspended', 400, "ENGINE-03043 ExternalTask with id '7' is suspended.", 0, 'refused', 'suspended'],
  ['5 BPMN error that nobody catches', 500, 'ENGINE-13033 Propagation of bpmn error NOPE failed. ', 0, 'refused', 'error-not-caught'],
  ['6 cancel of something gone', 400, "Cannot perform instruction: Cancel activity instance 'a:7'; Activity instance 'a:7' does not exist: activityInstance is null", 0, 'gone', 'token-gone'],
  ['6 start below something gone', 400, "Cannot perform instruction: Start before activity 'a' with ancestor activity instance 'sp:7'; Ancestor activity instance 'sp:7' does not exist: ancestorInstance is null", 0, 'gone', 'token-gone'],
  ['6 cancel of a transition that is gone', 400, "Cannot perform instruction: Cancel transition instance '7'; Transition instance '7' does not exist: transitionInstance is null", 0, 'gone', 'token-gone'],
  ['6 start of an unknown step', 400, "Cannot perform instruction: Start before activity 'zz'; Element 'zz' does not exist in process 'x1:1:7': element is null", 0, 'invalid', 'no-such-step', 'zz'],
  ['6 start in one of several threads', 500, 'Ancestor activity execution is ambiguous for activity Activity(site)', 0, 'invalid', 'ancestor-needed'],
  ['6 modification of an ended case', 500, "ENGINE-13036 Process instance '7' cannot be modified. The process instance does not exist", 0, 'gone', 'instance-gone'],
  ['6 tree of an ended case', 404, 'Process instance with id 7 does not exist', null, 'gone', 'instance-gone'],
  ['9 migration with a mapping of an unknown step', 400, "ENGINE-23001 Migration plan for process definition 'x:1:7' to 'x:2:7' is not valid:\n\t Migration instruction MigrationInstructionImpl{sourceActivityId='nope'} is not valid:\n\t\tSource activity 'nope' does not exist\n", 0, 'invalid', 'bad-mapping'],
  ['9 migration of an ended case', 500, "ENGINE-23003 Process instance '7' cannot be migrated. The process instance does not exist", 0, 'gone', 'instance-gone'],
  ['9 migration from a removed step', 400, "ENGINE-23004 Cannot migrate process instance '7':\n\tCannot migrate activity instance 'a:7':\n\t\tThere is no migration instruction for this instance's activity\n", 0, 'refused', 'cannot-migrate'],
  ['9 migration from another version', 500, "ENGINE-23002 Process instance '7' cannot be migrated. Its process definition 'x:2:7' does not match the source process definition of the migration plan 'x:1:7'", 0, 'refused', 'other-definition'],
  ['9 migration from an unknown definition', 400, "ENGINE-23008 Source process definition with id '7' does not exist", 0, 'invalid', 'no-such-definition'],
  ['10 error in a cell', 500, "Cannot evaluate decision x:1:7: Exception while evaluating decision with key 'null'", 0, 'refused', 'decision-table'],
  ['10 table that is not there', 404, 'No matching decision definition with key: x and no tenant-id', null, 'invalid', 'no-such-table'],
  ['11 execute of a job that is gone', 404, "ENGINE-14026 No job found with id '7'", null, 'gone', 'job-gone'],
  ['11 execute of a job that fails', 404, "Unknown property used in expression: ${missing}. Cause: Cannot resolve identifier 'missing'", 0, 'refused', 'expression'],
  ['14 model that the wall refuses', 400, 'ENGINE-09005 Could not parse BPMN process. Errors: \n* WALL: class is not allowed (line 3)', 0, 'invalid', 'model'],
  ['14 DOCTYPE', 400, "ENGINE-09003 Could not parse 'x.bpmn'. DOCTYPE is disallowed when the feature \"http://apache.org/xml/features/disallow-doctype-decl\" set to true.", 0, 'invalid', 'model'],
  ['14 no flow matches', 500, "Cannot complete task 7: ENGINE-02004 No outgoing sequence flow for the element with id 'g' could be selected for continuing the process.", 0, 'refused', 'no-flow-matches', 'g'],
  ['14 variable that is missing', 500, "Cannot complete task 7: Unknown property used in expression: ${a_outcome == 'x'}. Cause: Cannot resolve identifier 'a_outcome'", 0, 'refused', 'expression'],
  ['14 date that is none', 500, "Cannot complete task 7: ENGINE-09027 Exception while resolving duedate 'next week': Invalid format: \"next week\"", 0, 'refused', 'bad-date'],
  ['14 error end event that nobody catches', 500, "Cannot complete task 7: ENGINE-02042 Execution with id 'e' throws an error event with errorCode 'er' and errorMessage 'null', but no error handler was defined. ", 0, 'refused', 'error-not-caught'],
  ['14 no token', 401, '', null, 'unavailable', 'token-refused'],
  ['19 collection that is none', 500, "Cannot complete task 7: ENGINE-02024 Expression '${l}' didn't resolve to type 'Collection'.", 0, 'refused', 'bad-collection'],
  ['20 start of an unknown definition', 500, "Cannot instantiate process definition nix: no deployed process definition found with id 'nix': processDefinition is null", 0, 'invalid', 'no-such-definition'],
  ['21 date of a job that is gone', 500, "No job found with id '7'.", null, 'gone', 'job-gone'],
  ['21 tries of a job that is gone', 500, "ENGINE-13053 No job found with id '7'.'", null, 'gone', 'job-gone'],
  ['23 deadlock', 500, `Cannot complete task 7: ${PERSISTENCE}`, 10000, 'conflict', 'deadlock'],
  ['23 foreign key, with a code', 500, PERSISTENCE, 10001, 'conflict', 'concurrent'],
  ['23 foreign key, without one', 500, PERSISTENCE, null, 'unavailable', 'persistence'],
  ['engine that is not open', 400, 'No process engine available', null, 'unavailable', 'no-such-engine'],
  ['server that ends', 503, '', null, 'unavailable', 'no-answer'],
  ['anything else', 500, 'java.lang.NullPointerException', 0, 'refused', 'unknown'],
];

describe('answers of the engine', () => {
  for (const [asked, status, message, code, kind, as, where] of EXAMPLES)
    it(`${asked}: ${kind} (${as})`, () => {
      const error = toError({ status, message, code, elements: [] });
      assert.deepEqual([error.kind, error.code, error.where], [kind, as, where]);
      assert.equal(error.detail, message);
    });

  it('name the element of a model, which stands in the details by file', () => {
    const details = { 'x.bpmn': { errors: [{ mainElementId: null }, { mainElementId: 'g' }] } };
    const answer = readAnswer(
      400,
      JSON.stringify({ type: 'ParseException', message: 'ENGINE-09005', code: 0, details }),
    );
    assert.equal(toError(answer).where, 'g');
  });

  it('are read when they are not the engine’s', () => {
    for (const text of ['', '<html>', 'null', '[]'])
      assert.equal(toError(readAnswer(503, text)).code, 'no-answer', text);
  });
});
