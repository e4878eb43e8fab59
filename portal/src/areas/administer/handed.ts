/** Passwords of accounts that were just added, by account: from the page that adds to the account's own, once. */
export const handed = new Map<string, string>();
