/**
 * @peculiar/x509 finds its algorithms through tsyringe, which refuses to load where the metadata proposal of decorators
 * is not there. These three are all that it calls.
 */
type Notes = Map<unknown, unknown>;

const notesOf = new WeakMap<object, Notes>();
const read = (about: unknown, target: object): unknown => notesOf.get(target)?.get(about);

if (!("getMetadata" in Reflect))
  Object.assign(Reflect, {
    getMetadata: read,
    getOwnMetadata: read,
    defineMetadata(about: unknown, what: unknown, target: object): void {
      const notes: Notes = notesOf.get(target) ?? new Map();
      notesOf.set(target, notes.set(about, what));
    },
  });
