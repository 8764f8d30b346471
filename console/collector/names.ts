/** Kiosks have such a name, their certificates' CN: see protocol/commands/envelope.ts. Nobody else is registered. */
export const isKioskName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{1,31}$/.test(text);
