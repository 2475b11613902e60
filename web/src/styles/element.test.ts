import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';

const source = new URL('../', import.meta.url);
const themes = new URL('../../../node_modules/element-plus/theme-chalk/', import.meta.url);

describe('components of Element Plus', () => {
  it('have their styles, each that a page names', () => {
    const styles = readFileSync(new URL('element.css', import.meta.url), 'utf8');
    const offered = new Set(readdirSync(themes).filter((sheet) => statSync(new URL(sheet, themes)).size > 0));
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(vue|ts)$/.test(file));
    const named = files.flatMap((file) =>
      [...readFileSync(new URL(file, source), 'utf8').matchAll(/import \{([^}]*)\} from 'element-plus'/g)].flatMap(
        ([, names]) => names!.match(/\bEl\w+/g) ?? [],
      ),
    );
    const sheets = named.map((name) => `${name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}.css`);
    assert.ok(sheets.includes('el-message-box.css'));
    assert.deepEqual(
      [...new Set(sheets)].filter((sheet) => offered.has(sheet) && !styles.includes(`/${sheet}'`)),
      [],
    );
  });
});
