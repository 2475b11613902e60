import assert from 'node:assert/strict';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { end, flow, gateway, model, path, start, timer, user, work } from './models.ts';

const ACTIVITI = 'xmlns:activiti="http://activiti.org/bpmn"';

export function wall(on: Given): void {
  describe('the wall [ENGINE 14]', () => {
    const line = (element: string) => [start('s'), element, end('e'), path('s x e')];
    /** Deploys with the older namespace known. */
    const deploy = (key: string, elements: string[]) => {
      const xml = model(key, elements).replace('<definitions ', `<definitions ${ACTIVITI} `);
      return on.port.deploy({ name: key, files: [{ name: `${key}.bpmn`, bytes: new TextEncoder().encode(xml) }] });
    };

    const refused: Record<string, string> = {
      'a class': '<serviceTask id="x" camunda:class="java.lang.Object"/>',
      'a class in the older namespace': `<serviceTask id="x" activiti:class="java.lang.Object"/>`,
      'an expression': '<serviceTask id="x" camunda:expression="${1}"/>',
      'an expression in the older namespace': '<serviceTask id="x" activiti:expression="${1}"/>',
      'a delegate': '<serviceTask id="x" camunda:delegateExpression="${bean}"/>',
      'a script task': '<scriptTask id="x" scriptFormat="juel"><script>1</script></scriptTask>',
      'a listener':
        '<userTask id="x"><extensionElements><camunda:taskListener event="create" expression="${1}"/></extensionElements></userTask>',
      'a listener in the older namespace':
        '<userTask id="x"><extensionElements><activiti:taskListener event="create" expression="${1}"/></extensionElements></userTask>',
      'an assignee in the older namespace': '<userTask id="x" activiti:assignee="x"/>',
      'a due date': '<userTask id="x" camunda:dueDate="${now()}"/>',
      'a method in an attribute': `<userTask id="x" camunda:candidateGroups="\${''.getClass()}"/>`,
      'a function in an attribute': '<userTask id="x" camunda:candidateGroups="${list(x)}"/>',
      'a task that is no work': '<serviceTask id="x"/>',
      'a business rule task': '<businessRuleTask id="x" camunda:decisionRef="d"/>',
      'a call activity': '<callActivity id="x" calledElement="y"/>',
      'an event sub-process': '<subProcess id="x" triggeredByEvent="true"/>',
      'a signal': '<intermediateThrowEvent id="x"><signalEventDefinition/></intermediateThrowEvent>',
      'a transaction': '<transaction id="x"/>',
      'a script as an input':
        '<userTask id="x"><extensionElements><camunda:inputOutput><camunda:inputParameter name="y"><camunda:script scriptFormat="juel">1</camunda:script></camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>',
    };
    for (const [what, element] of Object.entries(refused))
      it(`refuses ${what} and names the element`, () =>
        refuses(deploy(`wall_${Object.keys(refused).indexOf(what)}`, line(element)), {
          kind: 'invalid',
          code: 'model',
          where: 'x',
        }));

    it('refuses a condition that calls a method, in the flow', () =>
      refuses(
        deploy('called', [
          ...[start('s'), gateway('exclusive', 'g', 'g-e'), user('x'), end('e'), path('s g e'), path('x e')],
          flow('g', 'x', "''.getClass() != null"),
        ]),
        { kind: 'invalid', code: 'model', where: 'g-x' },
      ));

    for (const reach of [
      'environment.x',
      'dataSource.jdbcUrl',
      'execution.processEngineServices.name',
      'a_outcome.class.name',
    ])
      it(`gives expressions no ${reach}`, async () => {
        const key = `reach_${reach.replace(/\W/g, '_')}`;
        const elements = line(`<userTask id="x" camunda:candidateGroups="\${${reach}}"/>`);
        await refuses(on.run(key, elements, { variables: { a_outcome: 'x' } }), {
          kind: 'refused',
          code: 'expression',
        });
      });

    it('lets through what the product uses', async () => {
      const it = await on.run(
        'allowed',
        [
          ...[start('s'), user('a', { groups: 'cma.acceptance,recall.handler@city' }), timer('late', 'a')],
          ...[gateway('inclusive', 'g', 'g-w'), work('w', 'wall'), user('b'), end('e'), end('e2', 'terminate')],
          ...[path('s a g w e'), path('late e2'), flow('g', 'b', "a_outcome == 'both' and not (n > 3)"), path('b e')],
        ],
        { variables: { a_outcome: 'both', n: 2 } },
      );
      await on.complete(it, 'a');
      assert.equal(await on.shape(it), '(b)');
    });

    it('asks for the token', async () => {
      await refuses(on.stranger.find('x'), { kind: 'unavailable', code: 'token-refused' });
      assert.equal(await on.stranger.ready(), false);
      assert.equal(await on.port.ready(), true);
    });
  });
}
