/** A customer as a till without a card knows them. */
export interface Contact {
  kind: 'phone' | 'email';
  /** E.164, or a lower-cased e-mail address. */
  value: string;
}

/**
 * Queues are read by ops and kept on disk, so a contact travels sealed: only who holds the key can
 * open it. The same contact never looks the same twice.
 */
export interface ContactSealer {
  seal(contact: Contact): string;
  /** @throws Error when the text was not sealed with this key */
  open(sealed: string): Contact;
}
