import type { IdKind } from '../../domain/values/ids.ts';
import type { ArchiveTable, Shape } from './archive-tables.ts';

const id = (kind: IdKind): Shape => ({ id: kind });
const byId: ArchiveTable['key'] = [['t.id', 'uuid']];

/** What is taken out of the documents of a transaction, for people who have a spreadsheet. */
const ofTransactions = {
  transactionLines: {
    columns: {
      transactionId: ['t.id', id('txn')],
      line: ['x.n', 'plain'],
      kind: ["x.line ->> 'kind'", 'plain'],
      sku: ["x.line ->> 'sku'", 'plain'],
      category: ["x.line ->> 'category'", 'plain'],
      quantity: ["x.line ->> 'quantity'", 'plain'],
      unitPrice: ["x.line ->> 'unitPrice'", 'plain'],
      discount: ["x.line ->> 'discount'", 'plain'],
      tax: ["x.line ->> 'tax'", 'plain'],
    },
    from: `loyalty.transactions t
      CROSS JOIN LATERAL json_array_elements(CASE json_typeof(t.receipt -> 'lines')
        WHEN 'array' THEN t.receipt -> 'lines' ELSE '[]' END) WITH ORDINALITY AS x (line, n)`,
    key: [
      ['t.id', 'uuid'],
      ['x.n', 'int'],
    ],
  },
  explanations: {
    columns: {
      transactionId: ['t.id', id('txn')],
      cardId: ["c.card ->> 'cardId'", 'plain'],
      step: ['c.n * 1000 + s.n', 'plain'],
      code: ["s.step ->> 'code'", 'plain'],
      text: ["s.step ->> 'text'", 'plain'],
    },
    // Sales explain each of their cards, the rest themselves.
    from: `loyalty.transactions t
      CROSS JOIN LATERAL json_array_elements(CASE json_typeof(t.outcome -> 'cards')
        WHEN 'array' THEN t.outcome -> 'cards' ELSE json_build_array(t.outcome) END)
        WITH ORDINALITY AS c (card, n)
      CROSS JOIN LATERAL json_array_elements(CASE json_typeof(c.card -> 'explanation')
        WHEN 'array' THEN c.card -> 'explanation' ELSE '[]' END) WITH ORDINALITY AS s (step, n)`,
    key: [
      ['t.id', 'uuid'],
      ['(c.n * 1000 + s.n)', 'int'],
    ],
  },
} as const satisfies Record<string, ArchiveTable>;

/** What a business has set up. */
export const setUpTables = {
  ...ofTransactions,
  brands: {
    columns: {
      id: ['t.id', id('brd')],
      name: ['t.name', 'plain'],
      description: ['t.description', 'plain'],
      colour: ['t.colour', 'plain'],
      logo: ["t.logo #>> '{large,key}'", 'plain'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'business.brands t',
    key: byId,
  },
  stores: {
    columns: {
      id: ['t.id', id('sto')],
      brandId: ['t.brand_id', id('brd')],
      name: ['t.name', 'plain'],
      externalId: ['t.external_id', 'plain'],
      zone: ['t.zone', 'plain'],
      dayStartMinutes: ['t.day_start_minutes', 'plain'],
      address: ['t.address', 'plain'],
      openingHours: ['t.opening_hours', 'json'],
      deactivatedAt: ['t.deactivated_at', 'time'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'business.stores t',
    key: byId,
  },
  staff: {
    columns: {
      id: ['t.id', id('stf')],
      name: ['t.name', 'plain'],
      email: ['t.email', 'plain'],
      phone: ['t.phone', 'plain'],
      role: ['t.role', 'plain'],
      removedAt: ['t.removed_at', 'time'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'business.staff t',
    key: byId,
  },
  apiKeys: {
    columns: {
      id: ['t.id', id('key')],
      integration: ['t.integration', 'plain'],
      name: ['t.name', 'plain'],
      scopes: ['to_json(t.scopes)', 'json'],
      createdAt: ['t.created_at', 'time'],
      revokedAt: ['t.revoked_at', 'time'],
    },
    from: 'business.api_keys t',
    key: byId,
  },
  programs: {
    columns: {
      id: ['t.program_id', id('prg')],
      brandId: ['p.brand_id', id('brd')],
      name: ['p.name', 'plain'],
      description: ['p.description', 'plain'],
      unit: ['p.unit', 'plain'],
      currency: ['p.currency', 'plain'],
      zone: ['p.zone', 'plain'],
      enrolment: ['p.enrolment', 'plain'],
      archivedAt: ['p.archived_at', 'time'],
      version: ['t.number', 'plain'],
      validFrom: ['t.valid_from', 'time'],
      validTo: ['t.valid_to', 'time'],
      definition: ['t.definition', 'json'],
    },
    from: `loyalty.program_versions t
      JOIN loyalty.programs p ON p.business_id = t.business_id AND p.id = t.program_id`,
    key: [
      ['t.program_id', 'uuid'],
      ['t.number', 'int'],
    ],
  },
  promotions: {
    columns: {
      id: ['t.id', id('prm')],
      programId: ['t.program_id', id('prg')],
      status: ['t.status', 'plain'],
      definition: ['t.definition', 'json'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'loyalty.promotions t',
    key: byId,
  },
  offers: {
    columns: {
      id: ['t.id', id('ofr')],
      programId: ['t.program_id', id('prg')],
      name: ['t.name', 'plain'],
      status: ['t.status', 'plain'],
      kind: ['t.kind', 'plain'],
      thresholdMinor: ['t.threshold_minor', 'plain'],
      windowHours: ['t.window_hours', 'plain'],
      benefit: ['t.benefit', 'json'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'loyalty.offers t',
    key: byId,
  },
  rewardDefinitions: {
    columns: {
      id: ['t.id', id('rdf')],
      programId: ['t.program_id', id('prg')],
      status: ['t.status', 'plain'],
      stockLeft: ['t.stock_left', 'plain'],
      definition: ['t.definition', 'json'],
      createdAt: ['t.created_at', 'time'],
    },
    from: 'loyalty.reward_definitions t',
    key: byId,
  },
} as const satisfies Record<string, ArchiveTable>;
