/** Messages outlive releases: what was queued yesterday is read today, and means the same. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Envelope, envelopeSchema } from '../../queues/envelope.ts';
import { events, type EventType } from '../../queues/events/events.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import type { CommandDefinition } from '../../queues/define.ts';
import { type CommandName, commands } from '../../queues/registry.ts';
import { root } from '../tools.ts';

const folder = join(root, 'queues', 'fixtures');

/**
 * SHA-256 of every fixture. A fixture is a message that may lie in a queue or an outbox somewhere:
 * it never changes. A new version gets a new fixture; an old one goes when none can be left.
 */
const frozen: Readonly<Record<string, string>> = {
  'create-webhook-endpoint.v1': '2e6c25462a6876d564e8dfb6d8740cf35a456acc7cd2a4c6d24bf4e5d9c8daba',
  'update-webhook-endpoint.v1': '252d38816546f08fe11081e057dfe3bb2252299d7ef83d5d1740e004880f4dfd',
  'remove-webhook-endpoint.v1': 'cda0bfaf3cbc6140bb0bc1599f87265decf90acdcef2f0c09a15515bf32b2def',
  'rotate-webhook-secret.v1': '68cb23eec6be6e493f1f15863596165256f98ca2a7eb5d1b09ce605c3757f245',
  'test-webhook-endpoint.v1': 'cd5632bd4a9c0422e40b9c39ccb76b06c165d1b69cc9c6deba026c5f58d53ea3',
  'resend-webhook.v1': '25a4201d584ae59b156c0855b6aaff10b140a3862771fd2ed6443472f1f03019',
  'replay-webhooks.v1': '3320c16784c8cb057bec78eff97676e44aeec32ffb4ac41f86f0dbc563545b61',
  'forget-mails.v1': '210dd2945b82394abb01085a48ceec211144901700b96da45e7402ccd10af11b',
  'forget-webhook-deliveries.v1':
    'e5aed0a99081e317b8441272bb6798e927d5ffef6c1c15dc463b315163206ec9',
  'job.failed.v1': 'd324fb88497106bb9a0c086626ae7d1f64ec9090abb209ce28aeb72f482f01a0',
  'webhook-endpoint.disabled.v1':
    'baca4d72d6d5c9d691819339523090fb91d19c37ea1b92d36ae26f0bed9335f5',
  'announce-expiries.v1': '80b21645e8a851bfdb4c40018cb2b632c4c4c19422db3d259cd4fb3de684ea82',
  'report-week.v1': 'b57b587a5b1f89b7ee70448d5e1d42641086a2d0ef1a9037e773082b5b01b17c',
  'choose-mail.v1': 'e09518bfcf21bcfe81509fea8f34d00d690eb5c9287c44d2a61b120915afcb1d',
  'refuse-mail.v1': '570a8d32e644e026f47703e071cf390e027f0524d76a00f50d04b8b6ca313f5d',
  'card.expiry_due.v1': '6d4f7b22889ec3676d2ca9bca9e7073197e74ff55fd92a32ef23d2d7a33e68c5',
  'staff.invited.v1': '684361d26834654eb84c0cbd0153faaf72a4c1f1e220749f3ba02a65fe4dc54b',
  'week.reported.v1': 'a39df312bb16702597f72dce55dca614be4eb9d83b4e1d06a94d20055b6309c8',
  'approve-request.v1': '67e88af191b91426678c4d85167c42c98e978ab316e2594a6c76679bda03f182',
  'reject-request.v1': 'ef56e6bf53662ab31b7b2087096e5809224a10b7d9d10139cdc2d40cef00adab',
  'block-card.v1': '55ab2a386b83bd22b354906e9848a49f5dec754dc7c2a0de2ccda64c5bddbdff',
  'unblock-card.v1': '6b145a4d1c7e7fde451d84ad571032707563193043dc475b8f4983ca2d18e74d',
  'create-offer.v1': '54f413f6057fd2feb1a66948970c73da2ea88c3a5a2677b23e7d4e84eddaaed7',
  'update-offer.v1': 'e18f5a04ba3da4db8d43675d593933f65a3ba7dc6087510ff1337077b0803c94',
  'end-offer.v1': '7a42441a416c1a48762eb412cd24e3faa2c14c295c419022a5be207700d17d6f',
  'give-offer.v1': 'b28851f32b4e345beca1e836e70a2e47171b9c6506fa9453950e606394e90bed',
  'give-offers.v1': 'd6eb3168fc11e4d63eb5d0c42ce7e8c472bfafe495294b1e7fd377f5a8d8bf53',
  'offer.given.v1': '501058ce5a12a49177f11a27ad32e28bcc386f6abcc227d420f98fa043047ade',
  'program.published.v1': 'afa849f988c5f472cd4951da295b65d9de29df78b809714ca49437d5d07e6746',
  'offer.completed.v1': '293e5691681e6817847fd93f667dc5dc6c5c50692aa039250dc9909c1f16831d',
  'offer.moved.v1': '2c0297c6d0ab3bf93e10addc8e2331e4d497bc9db29dbb88bcaaa78287e39a1e',
  'offer.withdrawn.v1': 'e0efa5c2ca0da2e93d19f294fe9ade99bd7bd6fea92af6118dafa1e658c8fae7',
  'transaction.claimed.v1': 'c6c13ad31ef65de9bfc2988f04fa91033903f797b6bffb36e6e972962e2ed600',
  'make-report.v1': '16ad21df35422b17823c51827b4ee661770f3d3c148fd2ff195b026384e81027',
  'make-weekly-report.v1': 'c3b7ea75795ad1718b19a036fd40563d20f50ca865236f5cea03baa7970580be',
  'claim-receipt.v1': '3ac3ae20f7736a4734334dd73aee5c2c226f9c50ff5df4d24c3cdb824a6cd99a',
  'merge-customers.v1': 'a17618533d94549526d2910bd9465277e3322fa998ccb5baa4ebffe0c3c4b555',
  'unmerge-customers.v1': '72bb8d262147ce23f3a012d6c355756f845541ee88efd288f443a293a527b0d8',
  'export-customer.v1': 'e4ecd1d54316ec609c5bc6ca5da52ff245fa149da888617366e201a0af51c6ea',
  'import-customers.v1': '5a58784938cfbb023e034a5c5eeae139c8e743ceac384886cc3088c022e46a40',
  'customer.imported.v1': '138151b24b5df7f3080af650869b5bedf1d228b822a2aa2bb7d9e2c2584e2c48',
  'export-business.v1': '128219c12c7cc4dfc61cdd35b024b34a3a135028eebe30f35061ba73cdc2396b',
  'erase-customer.v1': '69315c5ee12066ecc3e5d9bd09e7d31516a8d6382e22f4147063fe2ce35bd472',
  'customer.erased.v1': 'df1ea5ada9f9a66c1fef38d9ef7cf2ac6ff70258d9e10e2597fe67cda5c85e4f',
  'customer.merged.v1': 'e8a2fee8588162bce5ddd19872022a991099df0739064f1fc1a0e3ace3f0234c',
  'customer.unmerged.v1': 'a6c338ee4af7393ef2b338e8ae2cc6f842eb41f6489f0b242cca49f99a73e179',
  'card.merged.v1': '522907c7f6cb5d3e8a654b4f501bfffda5cb3eee179546fabbde666942c18b31',
  'create-customer.v1': '0fb38d416f40b7c9dcc867d38f850584521118cb1b44a9a034a231c0ec8443e8',
  'update-customer.v1': 'be82f87800a63b69354ba51446d86dac8c8b1255f2f59ed70e60d5ffc4cf7fac',
  'tag-customer.v1': '174562cbf74219898835bb21205b7ff80b92fa29fac012a893bbf572d4736756',
  'untag-customer.v1': '10fb596f5b091b82b48864cac50db23739519448c4050d85b8e5346e46935367',
  'open-card.v1': '65166279ec95d8c586cde3fe3c7acd62ba6cb63a95865e2f500e44f332d75256',
  'join-business.v1': 'a7458d6f28be3893677ff72f09c84e4dccc4409866ab121aabe23122f2f5f713',
  'award-stamps.v1': '0ccd5bed3dd5394d6f951c87b0dbcf066508707d74aebce7c87b460ca5828140',
  'undo-award.v1': '1709737a4676c68add802cdbab8ce0c4be39070c2c2b4f69f8d335abb18f5632',
  'link-staff.v1': 'c0e336d073e62872aa834ffd2d58a739d83ed01249599ecdddd51992a7821da4',
  'adjust-card.v1': '55f5d43ebb72821a632769998f05c132931debd7ee7eb9afb1c8951f812b9839',
  'backtest-version.v1': '2c1e427eac7a5063f038a4a245fb64433c75f18aadf2ba8424ebff5e4706c4e9',
  'archive-program.v1': '8bc53890334c5b9fa04cf74f7927696a6c8dbd85f3878b195676f8a74dff0ead',
  'card.balance_changed.v1': '76f217f35b35a7b7a4aa76dad1bd2eeace2ea5554a2c72495f3c8d8cf1ea92e8',
  'card.opened.v1': '12b879cbe4e43997374f178e30ee218d40757da374bc98fb9eec40d9d36c61d0',
  'create-api-key.v1': 'f3e0a379e668e2fc93ad19ae2e4f26fdd1ef11a535f36a37a346f30bb38fc2f4',
  'create-staff.v1': '3954bbf8fe96882deb9399dc56c065b982d79f8add92ef4c24ccdcaa419ee803',
  'update-staff.v1': 'ae743336941159f7cf10b6a3207fb99fd3a3f7203b56728575feb4ea8da2b15d',
  'remove-staff.v1': '20b09380b7391eac614a621c59625d7f3f48044fc494f564c700a42e03d96f69',
  'create-business.v1': '1379f9082cee88abc48f44f2c81491d76a08f74df9d7e5552b11c208d1abf5d9',
  'create-brand.v1': '1e33a8e50ef20529e1343d2f3c2ca08718169b702e469c698ef4019272c79cdf',
  'create-program.v1': '59e65f4897663cde20683ece25381cb0101a30b42c0dc07409f28aefaf3843f0',
  'create-store.v1': '4d885c2377e18a4a50af4defa3362f406794522fff8a5270b71f187ffe9d7319',
  'customer.enrolled.v1': '33b892d32ef97aa0505cd16a684f03673491fa2340d041bc10f22cec429dd7c9',
  'deactivate-store.v1': '84bf48a868b70f44c2c989507a2b941405de1a0aeaf0c6ea5f5269ba00a04bbd',
  'draft-version.v1': '61eb36591dabfe14bc5799a9fc3fd45324b4d26c51ace7e7e44c51bc506e0c23',
  'pause-program.v1': '93d67b6fd0d1965e186fd44a9f4e2c090d054a35e46bf1363d495dd78181671a',
  'publish-version.v1': '3d07bea471b7eb5597eacbc1461026203ead04e93aa2a90645ca718551871a90',
  'reactivate-store.v1': '0ceaaae2f25767398843cfb6488bb816cc639d679f3b52ef1a9121453280a91a',
  'expire-lots.v1': '90a427369498d7758bfc68e9ffb94feb712105d0d4c340f249249ddd08da206e',
  'create-promotion.v1': 'c759bac05953411d5dc67daddd7675e858e8d88e1d5d14c985941c233f1f6a5a',
  'end-promotion.v1': '07e255df8d70d302df5212cbcc80a78559e6aadd36b6cc8e31699ad312f89d83',
  'pause-promotion.v1': 'c7cf54125b776c27578872c4dd35dd012630bb2e37f3617e5e6314f9c01b8041',
  'give-birthday-rewards.v1': 'a15741eb45fce144d6854429655b80b6d863fdabc2480c63393062447256bc4f',
  'end-tier-periods.v1': '73bc3898a43bb200d5bd2a03717e2b4aaae34ebc932d4e8baafed7e8eb3ef49e',
  'publish-promotion.v1': '561197831461095244389d472b40652dfe8a7661f5b948b737102a9a74af5f5a',
  'record-purchase.v1': '73c1fdd9e14ea7a22e697fa33cc48be4570f70418d588fff597584c8cbe81591',
  'resume-program.v1': 'f1707b9d9e915968403cdb718cab6a4c9606561e6ba5673946fe3aa8cdbef1c2',
  'revoke-api-key.v1': '2c67d9727aa3457e07e0e186b6562db16f00cde7ca2876c6e9f591353da6119d',
  'reward.issued.v1': '0e52d9bbf0df6f35c21bf3b365d5517e45856ee338dab84ffb15e9fd8e6d2e46',
  'reserve-reward.v1': '776a296ac2419ed5f36d6cc72f43d53a87756e422f6f0694ba9885c71e58c2d6',
  'redeem-reward.v1': '816f0edc64df4df4f6781e3459e92c0752ea969949b63d29d98be09c74b487a8',
  'cancel-reward.v1': 'b7af21192d0f62760797e33567888c270a0680d3d8b12cba8c006a6f48f7b20f',
  'reverse-reward.v1': 'f3b34ba77550765897685cf53e9dbbbdf694b9e0caf1ca6d2f13f4ed29e3b418',
  'claim-reward.v1': 'd30111ae46746b9de935ff8eb03b5c040f3768983e641b66b84828e2aebe7130',
  'reward.reserved.v1': '3ac39c51964237df250a81f44c0e72f89967bcc98d31887527a5f550f992454e',
  'reward.released.v1': 'd48a2233b47f9fecf5dba41b7715732492948d890c26b25a8b54f37db73ce5a1',
  'reward.redeemed.v1': 'edea98b1446268a04cd9d4145544febdaa73fabb5704125c42f5de5a64f8ca20',
  'reward.reversed.v1': '3efc1c8f8a0d0014d4a678600824bfce8a0286393ac639e907d7d67419eb7d7e',
  'reward.expired.v1': '9766b60b507334e5790302781c1753c6c8063250c6c4fa9670d7943decc7c2b6',
  'publish-reward-definition.v1':
    '36a7920d2fb096d56b82c33f254219943ab0b81d209138d6b707480979f44bfa',
  'pause-reward-definition.v1': '6db09d1b587a67a45248aeb9da6a130740e959856e951b5e765b8fbdc157e8bb',
  'end-reward-definition.v1': '93d0a1e804489c6e07d0734e70e3da79383c071c2a967be434a2abccb7489ccb',
  'create-reward-definition.v1': 'f9bef8667966900d5c4d4e153f2aaecd8c91cc035f22bd040821c4e7773a2257',
  'update-reward-definition.v1': '605d09c49174f4a61e4055e80cd0e1e3c7df384ca03f47f65e3f6a9d99344547',
  'expire-rewards.v1': '15e3453dece594fc55a5372498e5e6edc805c91980fc440120579f70694a4bf8',
  'release-reservations.v1': 'bbd7728f791e4d99d0e93f5458be887fbe272362a93ad932853b8355fc52fc70',
  'refund-purchase.v1': '80d307ae66e0eda36141b9ddc45929bf8d4d56b033730eb4d2cd0628893823ab',
  'settle-exception.v1': '11a262f611a655a184fd8d124328d75d12243ec8710c01688cc6dc6ea93e2fc3',
  'expire-waiting-refunds.v1': '4f8b8eda20bfc3fac153b434ca6071f03486a29f6637dfcdb7cbe26a463d7683',
  'transaction.refunded.v1': 'f25f7d507e028d0d0558f3a5256c5145e51d973e23b11b98554f0aa9946b2193',
  'reward.revoked.v1': 'bcc722f001ba2aafbd8c850919820006b82c20046f41aec3242a2a40e7be9ba5',
  'tier.changed.v1': 'fd989a293e790a80f1ffc5b454f78c9102ad2e93b763d7034bb17b37996b033b',
  'tier.downgrade_due.v1': '69c55367c1e8b7919f08e9317687c4b74c63c3acaff1dcd338d6092803eb41de',
  'transaction.recorded.v1': '810da0f88befa719651e6f5c8d2053fd6556e015d617d836b413128883146247',
  'verify-ledger.v1': 'e559cdefb41bd9242d0ca9ab9f4c986c6379def717f3d6b7c86d0ffb102d07d0',
  'note-operation.v1': '0a1d3e23e957928908acf2c7831e3bf1fa40f5d2753339009ff84bed84f6fad3',
  'set-brand-logo.v1': '0803ec9d5b1a8bce61ef4f420fee981a11b727adc46a3d63df0d743aab906f27',
  'remove-brand-logo.v1': '164c77c6abbc1653bd9d6e6af384f62296dcaec832162e1e7949a5380f361d08',
  'update-brand.v1': 'b5cd7df5d6d5f934faf42e0accefc6225a6a7399e1fdb21c94c812ad477ee29d',
  'update-business.v1': 'd0401b67dcec3a98502a12d01b6e7cd3a978a7f57b314afd3f7f08426b3c9d18',
  'update-program.v1': 'ae79d842047feb6dfdb4930edecffbe0482e838d5d4ed653bea3ccd66b0a5eb8',
  'update-store.v1': 'fc7acb0a8a37680c8a41e1fb15c61b67fa129ec98adb193e31b3ab3e45493017',
  'update-promotion.v1': '0ba34518137bb9f39b2ea6ac1aeaea5454062ced2881a206e4f8ee97ea404555',
};

/** A command as it was posted, and as it then travelled. */
type CommandFixture = {
  readonly body: object;
  /** The Idempotency-Key it came with, for commands that need one. */
  readonly key?: string;
  /** What it was compared by, where its body travels sealed: only the edge's key makes it again. */
  readonly compared?: object;
  readonly envelope: Envelope;
};

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

test('every command and every event has a frozen fixture of its version, and no fixture is left over', () => {
  const current = [
    ...Object.values(commands).map(({ name, version }) => `${name}.v${version}`),
    ...Object.values(events).map(({ type, version }) => `${type}.v${version}`),
  ];
  expect(names).toEqual(expect.arrayContaining(current));
  expect(names).toEqual(Object.keys(frozen).sort());
});

test.each(names)('%s has not changed since it was frozen', (name) => {
  const content = JSON.stringify(read(name));
  expect(createHash('sha256').update(content).digest('hex')).toBe(frozen[name]);
});

// oxlint-disable-next-line typescript/no-explicit-any -- any command: its schemas are its own
const definitions: CommandDefinition<string, any, any>[] = Object.values(commands);

describe.each(definitions)('$name, version $version', (command) => {
  const fixture = read(`${command.name}.v${command.version}`) as CommandFixture;
  const { body, key, envelope } = fixture;

  /** Sales are compared as posted, their contact not yet sealed; the rest with the ids of their path, which travel beside the body. */
  function compared(posted: object): unknown {
    const parsed: unknown = command.body.parse(posted);
    if (fixture.compared) return fixture.compared;
    return command.name === 'record-purchase'
      ? parsed
      : command.payload.parse({ ...(envelope.payload as object), ...posted });
  }

  test('is read today as it was written', () => {
    expect(envelopeSchema.parse(envelope)).toEqual(envelope);
    expect(envelope).toMatchObject({ type: command.name, version: command.version });
    expect(command.payload.parse(envelope.payload)).toEqual(envelope.payload);
  });

  test('posted again after a release is the same post: same job, same hash', () => {
    const { businessId, principal, requestHash } = envelope;
    const identity = key
      ? `key:${key}`
      : `default:${command.defaultKey?.(command.body.parse(body))}`;
    const post = { businessId, principal, command: command.name, key: identity };
    expect(jobIdFor(post)).toBe(envelope.id);
    expect(hashRequest(compared(body))).toBe(requestHash);
  });

  test('hashes the same however its fields are ordered', () => {
    const backwards = Object.fromEntries(Object.entries(body).toReversed());
    expect(hashRequest(compared(backwards))).toBe(envelope.requestHash);
  });
});

describe.each(Object.keys(events) as EventType[])('%s', (type) => {
  test('is read today as it was written', () => {
    const { version, data: schema } = events[type];
    const event = read(`${type}.v${version}`) as { id: string; type: string; data: unknown };
    expect(event).toMatchObject({ id: expect.stringMatching(/^evt_/), type });
    expect(schema.parse(event.data)).toEqual(event.data);
  });
});

test('no message carries a phone or an e-mail in the clear', () => {
  for (const name of names) {
    const { body: _, ...travels } = read(name) as Partial<CommandFixture>;
    expect(JSON.stringify(travels)).not.toMatch(/"(phone|email)":|\+\d{9}|@/);
  }
});

test('what people write where they like is named as written, so that it travels sealed', () => {
  for (const command of definitions) {
    const { shape } = command.payload as unknown as { shape?: Record<string, unknown> };
    const free = ['reason', 'note', 'comment', 'message'].filter((field) => shape?.[field]);
    if (!command.internal)
      expect([command.name, command.written ?? []]).toEqual([command.name, free]);
  }
});

test('each command has a handler of its own name, and a route’s folder unless it is internal', () => {
  for (const name of Object.keys(commands) as CommandName[]) {
    const command: CommandDefinition = commands[name];
    const routes = readdirSync(join(root, 'edge', 'routes'));
    expect(routes.includes(name)).toBe(!command.internal);
    if (!command.internal) {
      expect(readdirSync(join(root, 'edge', 'routes', name))).toContain('route.ts');
    }
    expect(readdirSync(join(root, 'workers', 'handlers', name))).toContain(`${name}.ts`);
    expect(readdirSync(join(root, 'queues', 'commands'))).toContain(`${name}.ts`);
    expect(commands[name].name).toBe(name);
  }
});
