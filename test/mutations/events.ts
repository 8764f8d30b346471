import type { PlantedBug } from "./planted.ts";

const outbox = (named: string) => ({ test: "test/link/outbox/outbox.test.ts", named });
const forged = (named: string) => ({ test: "test/link/outbox/forged.test.ts", named });
const lives = { test: "test/controller/domain/lives.test.ts" } as const;

/** Bugs on the way of the events to the centre, and about a new life of the ledger. */
export const events: readonly PlantedBug[] = [
  {
    breaks: "an event has left when the broker has it, though the centre's database has not",
    file: "controller/link/sending.ts",
    find: '    if (mode === "central") return;\n',
    put: "",
    caught: outbox("has not left because the broker has it"),
  },
  {
    breaks: "an acknowledgement is believed whatever hash it names",
    file: "controller/link/acknowledged.ts",
    find: "if (there && own.hash === hash)",
    put: "if (there)",
    caught: forged("moves nothing"),
  },
  {
    breaks: "an acknowledgement of a batch under way is believed whatever hash it names",
    file: "controller/link/sending.ts",
    find: "batch.to.seq === seq && batch.hash === hash",
    put: "batch.to.seq === seq",
    caught: forged("moves nothing"),
  },
  {
    breaks: "what is lost behind the broker is not sent again",
    file: "controller/link/sending.ts",
    find: "      goBack();\n      turn();\n    });\n  };",
    put: "      turn();\n    });\n  };",
    caught: outbox("that was lost behind the broker goes again"),
  },
  {
    breaks: "an entry that is saved while the disk is read is overlooked",
    file: "controller/link/sending.ts",
    find: "found.value.length === 0 && before === appended",
    put: "found.value.length === 0",
    caught: outbox("that is saved while the disk is asked for others"),
  },
  {
    breaks: "a new life begins while an attempt is open",
    file: "controller/domain/lives.ts",
    find: 'scene.is === "idle" && books.open.size === 0 && ',
    put: "",
    caught: lives,
  },
  {
    breaks: "every forged acknowledgement begins a new life",
    file: "controller/domain/lives.ts",
    find: " || !longSinceTheLast(state)",
    put: "",
    caught: lives,
  },
  {
    breaks: "a new life does not name the end of the one before",
    file: "controller/store/sqlite.ts",
    find: "begins === undefined ? draft : withEnd(draft, last)",
    put: "draft",
    caught: { test: "test/store/disk.test.ts", named: "says where the life before it ended" },
  },
];
