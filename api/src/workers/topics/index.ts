/** All topics of external work; each declares in its folder what it takes, does and gives. */
import type { Core } from '../../core/index.ts';
import type { AnyTopic } from '../../engine/index.ts';
import type { Serving } from '../../documents/index.ts';
import * as archive from './archive/topic.ts';
import * as assignNumber from './assign-number/topic.ts';
import * as changeCertificate from './change-certificate/topic.ts';
import * as closeCase from './close-case/topic.ts';
import * as draw from './draw/topic.ts';
import * as evaluate from './evaluate/topic.ts';
import * as generateDocument from './generate-document/topic.ts';
import * as issueCertificate from './issue-certificate/topic.ts';
import * as notify from './notify/topic.ts';
import * as push from './push/topic.ts';
import * as publish from './publish/topic.ts';
import * as score from './score/topic.ts';
import * as serveDocument from './serve-document/topic.ts';
import * as signDocument from './sign-document/topic.ts';
import * as startCase from './start-case/topic.ts';
import * as tellCase from './tell-case/topic.ts';
import * as validate from './validate/topic.ts';
import { createWords } from './words.ts';
import * as writeRegister from './write-register/topic.ts';

export { createValidation, type Application, type Finding, type Validation } from './validate/validation.ts';

export type TopicDeps = validate.ValidateDeps &
  changeCertificate.ChangeCertificateDeps &
  closeCase.CloseCaseDeps &
  writeRegister.WriteRegisterDeps &
  evaluate.EvaluateDeps & { serving: Serving } & Omit<publish.PublishDeps, 'words'> &
  startCase.StartCaseDeps &
  tellCase.TellCaseDeps &
  draw.DrawDeps &
  score.ScoreDeps &
  push.PushDeps &
  archive.ArchiveDeps &
  signDocument.SignDocumentDeps;

export function createTopics(core: Core, deps: TopicDeps): AnyTopic[] {
  const words = createWords(core, deps);
  return [
    validate.createTopic(deps),
    generateDocument.createTopic(deps),
    serveDocument.createTopic(deps),
    issueCertificate.createTopic(deps),
    changeCertificate.createTopic(core, deps),
    writeRegister.createTopic(core, deps),
    assignNumber.createTopic(deps),
    closeCase.createTopic(deps),
    evaluate.createTopic(core, deps),
    notify.createTopic({ ...deps, words }),
    publish.createTopic(core, { ...deps, words }),
    startCase.createTopic(deps),
    tellCase.createTopic(deps),
    draw.createTopic(core, deps),
    score.createTopic(core, deps),
    push.createTopic(core, deps),
    archive.createTopic(deps),
    signDocument.createTopic(deps),
  ];
}
