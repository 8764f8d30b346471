export const nothing = "no default export";
