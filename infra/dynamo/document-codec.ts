import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What is said of a transaction: as it was posted, and what came of it, with why. */
export interface TransactionDocument {
  receipt: unknown;
  outcome: unknown;
}

/**
 * What documents have in common. It makes one of a usual sale fit into a kilobyte, which is what
 * DynamoDB counts by. A dictionary is never changed: what is packed with it needs it. A better one is
 * another version.
 */
const DICTIONARIES: Readonly<Record<number, Buffer>> = {
  1: Buffer.from(
    [
      '{"receipt":{"externalId":"","storeId":"sto_01m","occurredAt":"2026-01-01T00:00:00.000Z",',
      '"taxIncluded":true,"currency":"EUR","total":0,"staffId":null,"discounts":[],"tenders":[',
      '{"kind":"card","amount":},{"kind":"cash","amount":},{"kind":"gift_card"},{"kind":"points"}],',
      '"vouchers":[],"lines":[{"kind":"item","sku":"","category":"","quantity":"1","unitPrice":,',
      '"discount":0,"tax":0},{"kind":"tip"},{"kind":"service"},{"kind":"delivery"}]},',
      '"outcome":{"id":"txn_01m","externalId":"","status":"recorded","storeId":"sto_01m",',
      '"businessDate":"2026-01-01","occurredAt":"2026-01-01T00:00:00.000Z",',
      '"total":{"amount":,"currency":"EUR"},"customer":{"id":"cus_01m","isNew":false},',
      '"customerId":"cus_01m","notes":["no-customer"],"claimCode":"","offers":[],"rewards":[',
      '{"id":"rwd_01m","name":"Free coffee","code":"","expiresAt":null}],',
      '"cards":[{"cardId":"crd_01m","programId":"prg_01m","programVersion":1,"unit":"point",',
      '"unit":"stamp","code":"","isNewCard":false,"earned":"","balance":"","debt":0,"spendable":"",',
      '"progress":{"current":,"target":10,"toGo":},"rewardsIssued":[],"rewards":[],',
      '"explanation":[{"code":"version","text":"Stamps, version 1"},',
      '{"code":"base","text":"3.75 EUR of 3.75 EUR earns"},',
      '{"code":"base","text":"3.75 GBP of 3.75 GBP earns"},',
      '{"code":"left-out","text":" is not counted"},',
      '{"code":"rule-matched","text":"1 stamp per visit: 1 stamp"},',
      '{"code":"rule-matched","text":"1 point per 1.00 EUR: 3.75 points"},',
      '{"code":"rule-not-matched","text":""},{"code":"multiplier","text":""},',
      '{"code":"cap","text":""},{"code":"rounding","text":"Rounded down to "},',
      '{"code":"fraction-carried","text":"0.75 points are carried to the next purchase"},',
      '{"code":"reward-minted","text":""},',
      '{"code":"earned","text":"Earned 1 stamp"},{"code":"earned","text":"Earned 3.75 points"},',
      '{"code":"progress","text":"8 of 10, 2 to go"}]}]}}',
    ].join(''),
  ),
};
const VERSION = 1;

/** Packs a document: the dictionary's version, then the document, deflated. */
export function packDocument(document: TransactionDocument): Buffer {
  const { receipt, outcome } = document;
  const text = JSON.stringify({ receipt, outcome });
  const dictionary = DICTIONARIES[VERSION];
  const packed = deflateRawSync(text, { level: 9, ...(dictionary && { dictionary }) });
  return Buffer.concat([Buffer.from([VERSION]), packed]);
}

/** @throws Error for what no version of ours has packed */
export function unpackDocument(packed: Uint8Array): TransactionDocument {
  const dictionary = DICTIONARIES[packed[0] ?? 0];
  if (!dictionary) throw new Error(`a document of version ${packed[0]} cannot be read here`);
  const text = inflateRawSync(packed.subarray(1), { dictionary }).toString('utf8');
  return JSON.parse(text) as TransactionDocument;
}
