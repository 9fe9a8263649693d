/** What a user pool asks before it sends a code (AWS: the custom message trigger). */
export interface CustomMessageEvent {
  triggerSource: string;
  request: {
    userAttributes: Readonly<Record<string, string | undefined>>;
    /** What the pool puts the code in the place of. */
    codeParameter: string | null;
    /** What the app told with its request. */
    clientMetadata?: Readonly<Record<string, string | undefined>> | null;
  };
  response: { emailSubject?: string | null; emailMessage?: string | null };
}
