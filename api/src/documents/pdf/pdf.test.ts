import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PizZip from 'pizzip';
import { Problem } from '../../core/index.ts';
import { createFonts } from '../fonts.ts';
import { createWordToPdf, type WordToPdf } from './index.ts';
import { prepareModule } from './module.ts';
import { createWasm } from './wasm.ts';

const CHILD = new URL('./child.mjs', import.meta.url).pathname;

/** Begins the process with LibreOffice, gives it the file of its input, says so, and stays. */
const PARENT = `
  import { fork } from 'node:child_process';
  import { buffer } from 'node:stream/consumers';
  const [program, ...args] = process.argv.slice(1);
  const docx = await buffer(process.stdin);
  const child = fork(program, [String(process.pid), ...args], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  });
  child.on('message', () => child.send({ docx }, () => process.stdout.write('busy')));
`;

/** The smallest Word file with one paragraph; `leaveOut` names a part that it lacks. */
function word(text: string, leaveOut?: string): Buffer {
  const zip = new PizZip();
  zip.file(
    '[Content_Types].xml',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  );
  zip.file(
    '_rels/.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
  );
  zip.file(
    'word/document.xml',
    `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:rPr><w:rFonts w:ascii="Noto Serif SC" w:eastAsia="Noto Serif SC"/></w:rPr><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  );
  if (leaveOut) zip.remove(leaveOut);
  return zip.generate({ type: 'nodebuffer' });
}

describe('Word to PDF', function () {
  this.timeout(120_000);
  let dataDir: string;
  let pdf: WordToPdf;
  /** What may take a millisecond only. */
  let slow: Buffer | undefined;
  const started: ChildProcess[] = [];
  const refused = (error: unknown) => error instanceof Problem && error.code === 'not-converted';
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'zhunyu-wasm-'));
    pdf = createWasm({
      ...{ fonts: createFonts(), dataDir, longest: (docx) => (docx === slow ? 1 : 60_000) },
      onStart: (child) => started.push(child),
    });
  });
  after(async () => {
    await pdf.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('converts one document after the other with the fonts that come with the product [PLT-6.1]', async () => {
    const made = await Promise.all([pdf.convert(word('受理通知书')), pdf.convert(word('补正通知书'))]);
    for (const one of made) {
      assert.equal(one.subarray(0, 5).toString(), '%PDF-');
      assert.match(one.toString('latin1'), /NotoSerifSC/);
    }
  });

  it('prints boxes, ticked and not [CMA-3.1]', async () => {
    const made = await pdf.convert(word('☑ 首次　□ 扩项'));
    assert.deepEqual([...new Set(made.toString('latin1').match(/(?<=\/BaseFont\/\w{6}\+)\w+/g))].sort(), [
      'NotoSerifSC',
      'OpenSymbol',
    ]);
  });

  it('refuses a file with a damaged text and goes on with the next one [PLT-6.1]', async () => {
    const good = await pdf.convert(word('受理通知书'));
    await assert.rejects(pdf.convert(word('受理<w:broken>通知书')), refused);
    assert.equal((await pdf.convert(word('受理通知书'))).length, good.length);
    assert.equal(started.length, 1, 'the process went on');
  });

  it('begins a process anew when it ended while it had nothing to do [PLT-12.2]', async () => {
    const [ended] = started.slice(-1);
    const gone = new Promise((resolve) => ended!.once('exit', resolve));
    ended!.kill('SIGKILL');
    await gone;
    assert.match((await pdf.convert(word('受理通知书'))).subarray(0, 5).toString(), /%PDF-/);
    assert.equal(started.at(-1) !== ended, true);
  });

  it('begins a process anew when it ends before the file reaches it [PLT-12.2]', async () => {
    started.at(-1)!.kill('SIGKILL');
    assert.match((await pdf.convert(word('受理通知书'))).subarray(0, 5).toString(), /%PDF-/);
  });

  it('gives up a file that takes too long, and goes on with the next one [PLT-6.1]', async () => {
    slow = word('慢');
    await assert.rejects(pdf.convert(slow), refused);
    assert.match((await pdf.convert(word('受理通知书'))).subarray(0, 5).toString(), /%PDF-/);
  });

  it('ends when its parent was killed, in the middle of a file too [PLT-12.2]', async () => {
    const { serif } = createFonts();
    const parent = spawn(
      process.execPath,
      ['--input-type=module', '-e', PARENT, CHILD, prepareModule(dataDir), serif.path],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    // Its end closes the output that it has from its parent.
    const closed = once(parent, 'close');
    parent.stdin.end(word('长文'.repeat(200_000)));
    await once(parent.stdout, 'data');
    const since = Date.now();
    parent.kill('SIGKILL');
    await closed;
    assert.ok(Date.now() - since < 5_000, 'it did not finish the file first');
  });

  it('names the part that a file lacks, before it is converted [PLT-6.1]', async () => {
    const words = createWordToPdf({ fonts: createFonts(), dataDir });
    for (const part of ['[Content_Types].xml', '_rels/.rels', 'word/document.xml'])
      await assert.rejects(
        words.convert(word('受理通知书', part)),
        (error) => refused(error) && (error as Problem).zh.includes(part),
      );
    await assert.rejects(words.convert(Buffer.from('受理通知书')), refused);
    await words.stop();
  });
});
