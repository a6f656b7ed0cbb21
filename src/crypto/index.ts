export * from './call-code/index.ts';
export * from './mls/index.ts';
export * from './sframe/index.ts';
