export { type LogLevel, openLog } from './log.ts';
export { Metrics } from './metrics.ts';
export { OpsServer } from './ops-server.ts';
export { Webhook } from './webhook.ts';
export { webhookKey } from './webhook-signature.ts';
