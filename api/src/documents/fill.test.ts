import assert from 'node:assert/strict';
import PizZip from 'pizzip';
import { Problem } from '../core/index.ts';
import { fillTemplate, tagsOf, wordsOf } from './fill.ts';

const TYPES =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';

function docx(body: string): Buffer {
  const zip = new PizZip();
  zip.file('[Content_Types].xml', TYPES);
  zip.file('word/document.xml', `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`);
  return zip.generate({ type: 'nodebuffer' });
}
const p = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const row = (...cells: string[]) => `<w:tr>${cells.map((cell) => `<w:tc>${p(cell)}</w:tc>`).join('')}</w:tr>`;
const xmlOf = (file: Buffer) => new PizZip(file).file('word/document.xml')!.asText();
const linesOf = (file: Buffer) =>
  xmlOf(file)
    .split('</w:p>')
    .slice(0, -1)
    .map((line) => line.replace(/<[^>]*>/g, ''));
const fill = (body: string, data: object) => linesOf(fillTemplate(docx(body), data));
const problem = (code: string, tag: string) => (error: Error) =>
  error instanceof Problem && error.code === code && error.zh.includes(tag);

describe('templates filled', function () {
  this.timeout(10_000);

  const data = {
    doc: { date: '2026-11-21' },
    missing: [
      { item: '质量手册', reason: '缺第 3 章' },
      { item: '场所证明', reason: '' },
    ],
    sites: [{ code: '1', name: '总部' }],
    rows: [
      { site: '1', scope: '食品', name: 'a' },
      { site: '1', scope: '非食品', name: 'b' },
      { site: '1', scope: '食品', name: 'c' },
    ],
    certificate: null,
    kinds: ['fixed', 'multi'],
  };

  it('fills texts, repeated paragraphs and table rows, conditions [PLT-4.1]', () => {
    assert.deepEqual(fill(p('{doc.date | dateCn}{none}{doc.none.deeper}'), data), ['2026年11月21日']);
    assert.deepEqual(fill(p('{#missing}') + p('{index}. {item}：{reason | blank:‘无’}') + p('{/}'), data), [
      '1. 质量手册：缺第 3 章',
      '2. 场所证明：无',
    ]);
    assert.deepEqual(fill(`<w:tbl>${row('{#rows}{index}', '{name}{/rows}')}</w:tbl>`, data), [
      '1',
      'a',
      '2',
      'b',
      '3',
      'c',
    ]);
    assert.deepEqual(fill(p('{#certificate}有{/}{^certificate}无{/}{#missing.length}缺{/}'), data), ['无缺']);
    assert.deepEqual(fill(p('{kinds | tick:"multi"}{kinds | tick:"mobile"} {rows | count} {1 | percent:3}'), data), [
      '☑□ 3 33%',
    ]);
    assert.deepEqual(fill(p("{rows | join:'、':'name'} {doc.date == '2026-11-21' ? '是' : '否'}"), data), [
      'a、b、c 是',
    ]);
  });

  it('groups rows by members and finds the row that a code names [CMA-3.2]', () => {
    const body = p("{#rows | group:'site':'scope'}{#sites | where:'code':site}{name}{/}{scope}{rows | count} {/}");
    assert.deepEqual(fill(body, data), ['总部食品2 总部非食品1 ']);
  });

  it('gives the same bytes for the same data', () => {
    const template = docx(p('{doc.date}'));
    assert.deepEqual(fillTemplate(template, data), fillTemplate(template, data));
  });

  it('reads own members of the data only and prints markup as text', () => {
    const body = p('[{doc.constructor}{constructor.name}{toString}{missing.map}{doc.__proto__.x}]{a}');
    assert.deepEqual(fill(body, { ...data, a: '<w:b/>&\u0001' }), ['[]&lt;w:b/&gt;&amp;']);
  });

  it('names the faulty tag', () => {
    for (const tag of ['a(1)', 'a = 1', 'a | nothing', 'a[b]', '@doc', 'a +'])
      assert.throws(() => fill(p(`{${tag}}`), data), problem('template-invalid', tag.replace('@', '')), tag);
    assert.throws(() => fill(p('{#missing}{item}'), data), problem('template-invalid', 'missing'));
    assert.throws(() => fill(p('{doc.date'), data), problem('template-invalid', 'doc.date'));
    assert.throws(() => tagsOf(docx(p('{a(1)}'))), problem('template-invalid', 'a(1)'));
  });

  it('says what is wrong with a tag, in both languages [PLT-6.1]', () => {
    const said = (text: string) => {
      try {
        return String(tagsOf(docx(p(text))));
      } catch (error) {
        return (error as Problem).zh.slice('模板里的标记有错：'.length, -'。改好模板后重新发布'.length);
      }
    };
    assert.equal(said('{#missing}{item}'), '{#missing} 没有结束标记 {/}');
    assert.equal(said('{#a}{#b}{/a}{/b}'), '{#b} 结束标记和它不是一对');
    assert.equal(said('{item}{/}'), '{/} 前面没有它要结束的标记');
    assert.equal(said('{doc.date'), '{doc.date} 少了右花括号');
    assert.equal(said('doc.date} 起'), '{doc.date} 少了左花括号');
    assert.equal(said('{doc.date | shout}'), '{doc.date | shout} 没有加工方法 shout');
    assert.equal(said('{%photo | box:0}'), '{photo | box:0} 写法有误');
    assert.equal(said('{a(1)} {b =}'), '{a(1)} 写法有误；{b =} 写法有误');
  });

  it('gives the words of a template with its tags', () => {
    assert.equal(wordsOf(docx(p('{office.name}') + p('（印章）'))), '{office.name}（印章）');
  });

  it('refuses what is no Word file and what unpacks to too much', () => {
    assert.throws(() => fillTemplate(Buffer.from('text'), {}), problem('template-invalid', '.docx'));
    const bomb = new PizZip();
    bomb.file('word/document.xml', 'x'.repeat(21 * 1024 * 1024), { compression: 'DEFLATE' });
    assert.throws(() => fillTemplate(bomb.generate({ type: 'nodebuffer' }), {}), problem('template-invalid', '20 MB'));
  });

  it('tells what a template reads and what the data lack', () => {
    const template = docx(p('{doc.date | dateCn}{#missing}{item}{doc.title}{/}{#a.b ? c : d}x{/}'));
    assert.deepEqual(tagsOf(template), [
      'doc.date',
      'missing',
      'missing[].item',
      'missing[].doc.title',
      'a.b',
      'c',
      'd',
    ]);
    const missing: string[] = [];
    fillTemplate(template, data, { onMissing: (path) => missing.push(path) });
    assert.deepEqual([...new Set(missing)], ['doc.title', 'a.b', 'c', 'd']);
  });
});
