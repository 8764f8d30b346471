import { loadModel, profileNames, ways, type Model } from "../config/profile.ts";

const models: readonly Model[] = await Promise.all(
  (await profileNames()).map(async (name) => {
    const loaded = await loadModel(name, { file: "docs/models.md", path: name });
    if (!loaded.ok) throw new Error(loaded.error.map(({ path, says }) => `${name}: ${path}: ${says}`).join("\n"));
    return loaded.value;
  }),
);

const kinds = {
  health: "Health instruments",
  printer: "Printers of slips",
  reader: "Readers of cards and codes",
  vending: "Vending boards",
} as const;

/** docs/models.md: every model that a station file can name, how it is plugged in, and what it gives. */
export const modelsPage =
  (): string => `<!-- Made by "npm run generate" from config/profiles. Edit those, or docs/models-page.ts. -->
# The models

What can stand as \`profile\` of a device in the [station file](config.md). What is odd about a model is in the \`quirks\` of
\`config/profiles/<profile>.json\`, with its source: read them before you buy it. \`proven\` says what the profile was made from.
${Object.entries(kinds)
  .map(([kind, title]) => section(kind, title))
  .join("")}`;

function section(kind: string, title: string): string {
  const own = models.filter(({ profile }) => profile.driver.startsWith(`${kind}/`));
  const isHealth = kind === "health";
  const head = isHealth
    ? "| `profile` | model | `wiring.by` | measures | begins | `proven` |\n|---|---|---|---|---|---|"
    : "| `profile` | model | `wiring.by` | `proven` |\n|---|---|---|---|";
  return `
## ${title}

${head}
${own.map((model) => row(model, isHealth)).join("\n")}
`;
}

function row({ profile, driver }: Model, isHealth: boolean): string {
  const { model, name, measures = [], starts, proven } = profile;
  const gives = isHealth ? [measures.join(", "), starts ? "by the kiosk" : "by hand"] : [];
  return `| ${[`\`${model}\``, `${name.en} · ${name.zh}`, ways[driver.port].join(", "), ...gives, proven].join(" | ")} |`;
}
