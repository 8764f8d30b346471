/**
 * Watches the bytes that come from a broker for packets larger than `most` bytes: MQTT.js would gather one of 256 MB in
 * memory before it looks. Only an MQTT 5 broker is told of the limit, and none can be made to keep it.
 * @returns a function that takes each chunk and says whether a packet too large has begun.
 */
export function oversize(most: number): (chunk: Uint8Array) => boolean {
  /** Of the packet that is coming: bytes still to come, or undefined while its length is being read. */
  let left: number | undefined;
  let length = 0;
  /** Bytes of the fixed header that were read: its type, then one to four of the length [MQTT5 2.1.4]. */
  let read = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (left !== undefined) {
        const taken = Math.min(left, chunk.length - at);
        at += taken;
        left -= taken;
      } else {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (read > 0) length += (byte & 0x7f) * 128 ** (read - 1);
        if (read > 4 || length > most) return true;
        if (read > 0 && byte < 0x80) left = length;
        read += 1;
      }
      if (left === 0) [left, length, read] = [undefined, 0, 0];
    }
    return false;
  };
}
