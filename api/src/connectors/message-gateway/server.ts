/** Stands where the gateway stands, for tests and the demonstration: keeps what it was given and shows it. */
import express, { type Router } from 'express';
import { GatewayMessage } from './contract.ts';

export interface Delivered extends GatewayMessage {
  at: Date;
}

export interface GatewayServer {
  /** POST takes a message, GET shows all of them, newest first. */
  router: Router;
  /** Oldest first. */
  outbox: readonly Delivered[];
}

/** Messages kept; older ones go. */
const KEPT = 500;

export function createGatewayServer(): GatewayServer {
  const outbox: Delivered[] = [];
  const router = express.Router();
  router.use(express.json());
  router.post('/', (req, res) => {
    const message = GatewayMessage.safeParse(req.body);
    if (!message.success) return void res.status(400).json({ error: 'not a message' });
    if (!outbox.some(({ key }) => key === message.data.key)) outbox.push({ ...message.data, at: new Date() });
    outbox.splice(0, outbox.length - KEPT);
    res.status(202).json({});
  });
  router.get('/', (_req, res) => void res.type('html').send(pageOf(outbox)));
  return { router, outbox };
}

function pageOf(outbox: readonly Delivered[]): string {
  const rows = outbox
    .toReversed()
    .map(({ at, channel, to, subject, text }) => {
      const shanghai = at.toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });
      const cells = [shanghai, channel === 'sms' ? '短信' : '邮件', to, subject, text];
      return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示：发出的短信和邮件</title>
<style>
  body { font: 14px/22px sans-serif; margin: 16px; color-scheme: light dark }
  table { border-collapse: collapse } td, th { padding: 6px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid #8886 }
  td { white-space: pre-line; overflow-wrap: anywhere }
</style>
<h1>演示：发出的短信和邮件</h1>
<p>这里代替真实的短信、邮件网关，什么也没有寄出。</p>
<table>
<tr><th>时间</th><th>方式</th><th>收件人</th><th>标题</th><th>内容</th></tr>
${rows || '<tr><td colspan="5">还没有</td></tr>'}
</table>
</html>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
