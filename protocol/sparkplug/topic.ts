/** Sparkplug 3.0, chapter 4: the namespace element of every topic. */
export const namespace = "spBv1.0";

export type NodeMessage = "NBIRTH" | "NDATA" | "NDEATH" | "NCMD";
export type DeviceMessage = "DBIRTH" | "DDATA" | "DDEATH" | "DCMD";

/** Where a Sparkplug message belongs. */
export type Address =
  | { readonly of: "node"; readonly type: NodeMessage; readonly group: string; readonly node: string }
  | {
      readonly of: "device";
      readonly type: DeviceMessage;
      readonly group: string;
      readonly node: string;
      readonly device: string;
    }
  | { readonly of: "host"; readonly host: string };

const nodeMessages: readonly string[] = ["NBIRTH", "NDATA", "NDEATH", "NCMD"];
const deviceMessages: readonly string[] = ["DBIRTH", "DDATA", "DDEATH", "DCMD"];

export const nodeTopic = (type: NodeMessage, group: string, node: string): string =>
  `${namespace}/${group}/${type}/${node}`;
export const deviceTopic = (type: DeviceMessage, group: string, node: string, device: string): string =>
  `${namespace}/${group}/${type}/${node}/${device}`;
export const stateTopic = (host: string): string => `${namespace}/STATE/${host}`;

/** UTF-8 without the characters that MQTT keeps for itself, and not empty. */
export const isId = (text: string): boolean => /^[^+/#]+$/.test(text) && !text.includes("\0") && text.isWellFormed();

/** Reads a topic; undefined where it is none of Sparkplug's. */
export function readTopic(topic: string): Address | undefined {
  const [space, group = "", type = "", node = "", device, ...more] = topic.split("/");
  if (space !== namespace || more.length > 0 || !isId(group)) return undefined;
  if (group === "STATE") return type !== "" && node === "" ? { of: "host", host: type } : undefined;
  if (!isId(node)) return undefined;
  if (nodeMessages.includes(type) && device === undefined)
    return { of: "node", type: type as NodeMessage, group, node };
  if (deviceMessages.includes(type) && device !== undefined && isId(device))
    return { of: "device", type: type as DeviceMessage, group, node, device };
  return undefined;
}
