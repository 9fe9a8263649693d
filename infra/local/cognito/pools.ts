/** The local pools: ids of the form that the verifier demands, clients without a secret. */
export const customersPool = {
  userPoolId: 'eu-west-1_LocalCust',
  clientId: 'localcustomersclient000000',
  name: 'customers',
} as const;

export const staffPool = {
  userPoolId: 'eu-west-1_LocalStaff',
  clientId: 'localstaffclient0000000000',
  name: 'staff',
} as const;

export type LocalPool = typeof customersPool | typeof staffPool;
