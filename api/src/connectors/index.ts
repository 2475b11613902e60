/** Systems outside: for each a contract, a client, and a server that behaves like it for tests and the demonstration. */
export { createGatewayClient } from './message-gateway/client.ts';
export { createGatewayServer, type GatewayServer } from './message-gateway/server.ts';
