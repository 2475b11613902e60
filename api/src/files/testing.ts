/** For tests of areas that take files: no uploads in parts, files come in the request. */
import type { Core } from '../core/index.ts';
import { readUpload, type Uploads } from './index.ts';

export const inRequest = ({ settings }: Pick<Core, 'settings'>): Uploads => ({
  read: (_, req) => readUpload(req, settings.maxUpload),
});
