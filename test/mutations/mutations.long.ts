import { plantedBugs } from "./planted.ts";
import { areFound, benches } from "./planting.ts";

areFound(plantedBugs, benches("long"));
