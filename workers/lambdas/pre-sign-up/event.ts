/** What a user pool asks before it makes an account (AWS: the pre sign-up trigger). */
export interface PreSignUpEvent {
  triggerSource: string;
  userPoolId: string;
  /** Of somebody from an identity provider: the provider's name, an underscore, who they are there. */
  userName: string;
  request: { userAttributes: Readonly<Record<string, string | undefined>> };
  response: object;
}
