import type { Card, Chance } from "./card.ts";
import { desfire } from "./desfire.ts";
import { ntag424 } from "./ntag424.ts";
import { bareCard, mifareClassic, strangeCard } from "./plain.ts";

/** Links whose tap ends in nothing but a kiosk: ".example" leads nowhere [RFC 2606]. */
const plainLink = "https://yz.example/t?u={uid}&c={ctr}&m={cmac}";
const sealedLink = "https://yz.example/t?p={picc}&m={cmac}";

const forms =
  'expected a UID of 4, 7 or 10 bytes in hex, or "classic:UID", "strange:UID", "ntag424:UID:FILEKEY", "ntag424:UID:FILEKEY:METAKEY" or "desfire:UID:APPLICATION:KEY"';

function bytes(text: string | undefined, ...lengths: readonly number[]): Uint8Array {
  if (text === undefined || !/^([0-9A-Fa-f]{2})+$/.test(text) || !lengths.includes(text.length / 2))
    throw new Error(`no card: ${forms}`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The card that a name means, for whoever plays one before a simulated reader: a test, the drawer, the command line. */
export function cardByName(name: string, chance: Chance): Card {
  const [kind = "", uid, first, second] = name.split(":");
  switch (uid === undefined ? "" : kind) {
    case "":
      return bareCard(bytes(kind, 4, 7, 10));
    case "classic":
      return mifareClassic(bytes(uid, 4, 7));
    case "strange":
      return strangeCard(bytes(uid, 4, 7, 10));
    case "ntag424":
      return ntag424({
        uid: bytes(uid, 7),
        fileKey: bytes(first, 16),
        ...(second === undefined ? { url: plainLink } : { url: sealedLink, metaKey: bytes(second, 16) }),
        chance,
      });
    case "desfire":
      return desfire({ uid: bytes(uid, 7), application: bytes(first, 3), keys: [bytes(second, 16)], chance });
    default:
      throw new Error(`no card: ${forms}`);
  }
}
