import { printedUnit } from "../domain/health/figure.ts";
import type { Flag } from "../domain/health/findings.ts";
import { within } from "../domain/health/within.ts";
import type { CabinWords } from "./text-cabin.ts";

/** What a rule asks for; a single very high pressure is only measured again. */
const flagWords: Readonly<Record<Flag["rule"], string>> = {
  "emergency-symptom": "What you feel needs help now",
  "pressure-emergency": "Pressure far above range, and unwell",
  "pressure-very-high": "Far above range: see a doctor now",
  "pressure-high": "Pressure above range: see a doctor",
  "pressure-low": "Pressure below range: sit and rest",
  "pressure-apart": "Readings differ: rest, measure again",
  "glucose-low": "Glucose below range: eat sugar now",
  "glucose-high": "Glucose far above range: doctor today",
  "urate-high": "Uric acid far above range: see a doctor",
  "triglyceride-high": "Triglycerides far above range",
  "haemoglobin-low": "Haemoglobin far below range",
  "pulse-slow": "Slow pulse: measure again",
  "pulse-fast": "Fast pulse: sit and rest",
  "spo2-low": "Oxygen far below range: get help now",
  "spo2-recheck": "Oxygen below range: warm your hand",
  "temperature-high": "Temperature above range: rest and cool",
  "heat-r1": "Stop work, cool down in the shade",
  "heat-r2": "Cool down now, get help now",
  "heat-r4": "Hot day: make up for the sweat",
  "heat-early": "Unwell after hot work: stop, cool down",
  "heat-work": "After hot work: sit and drink",
};

const blood = {
  how: ["Wash hands warm, dry them", "New lancet only; then into the sharps box", "Prick the side of the ring finger"],
  before: "Take a new lancet and a new strip",
  after: "Lancet and strip into the sharps box; press the finger",
  started: "Put the strip in, touch it with the drop",
  start: "Put the strip in, touch it with the drop",
} as const;

export const cabinEnglish: CabinWords = {
  entry: {
    title: "Health check",
    lines: ["Free: blood pressure, oxygen, glucose …", "Only you see the values; the union sees only counts"],
  },
  key: {
    end: "End",
    agree: "I agree",
    refuse: "I do not",
    female: "Female",
    male: "Male",
    skip: "Skip",
    next: "Next",
    nothing: "None",
    begin: "Begin",
    results: "Results",
    ready: "Ready",
    "skip-rest": "No rest",
    "still-me": "Still me",
    "new-person": "Someone else",
    fasting: "8 h without food",
    "after-meal": "2 h after a meal",
    unknown: "Not sure",
    stop: "Stop",
    again: "Again",
    understood: "Understood",
    print: "Print",
    qr: "QR",
    send: "Send",
    pass: "Pass",
    steps: "More",
    "all-steps": "All items",
    earlier: "Back",
    later: "Next",
    "new-pass": "New pass",
    symptoms: "I feel …",
    meanwhile: "Other items",
  },
  reference: "For reference, not a diagnosis",
  forgets: "Not kept",
  consent: {
    title: "Only you see the values; the union sees only counts",
    lines: [
      "If you agree, one visit is counted; no value is kept or sent.",
      "“End”, or 60 s without a key, wipes everything.",
      "If not, you are measured all the same; nothing is counted.",
    ],
  },
  sex: { title: "Your sex?", lines: ["Some ranges differ. You may skip this"] },
  age: { title: "Your age?", lines: ["In years. You may skip this"] },
  years: "years",
  adults: "From 18 to 120, or skip this",
  symptoms: { title: "Do you feel this now?", lines: [] },
  symptom: {
    "severe-headache": "Bad headache",
    vomiting: "Vomiting",
    "speech-trouble": "Slurred speech",
    "limb-weakness": "Weak limb",
    "chest-pain": "Chest pain",
    "back-pain": "Back pain",
    breathless: "Short of breath",
    confusion: "Confused",
    collapse: "Fainted",
    convulsion: "Fits, cramps",
    "no-sweat": "Hot, no sweat",
    dizzy: "Dizzy",
    thirst: "Very thirsty",
    "frequent-urination": "Often to the toilet",
  },
  hotWork: "Hot work just now",
  steps: { title: "Choose, or press Begin", lines: [] },
  state: { ready: "ready", done: "done", skipped: "skipped", absent: "no answer", overdue: "not valid" },
  step: {
    pressure: {
      name: "Blood pressure",
      how: ["Sit upright, back supported, feet flat", "Bare arm, as high as your heart", "Do not move, do not talk"],
      before: "Wipe the cuff first",
      after: "Please wipe the cuff",
      started: "Measuring: do not move or talk",
      start: "Press Start on the instrument",
    },
    oxygen: {
      name: "Oxygen",
      how: ["Finger all the way in, nail up", "Warm a cold hand; no nail varnish", "Keep the hand still"],
      before: "Wipe the clip first",
      after: "Please wipe the clip",
      started: "Keep the finger still",
      start: "Put the clip on, switch it on",
    },
    temperature: {
      name: "Tempera\u00adture",
      how: [
        "Wipe the forehead dry, hair aside",
        "From the sun: rest 5 minutes first",
        "Aim at the forehead, 3 cm away",
      ],
      before: "Wipe the probe first",
      after: "Please wipe the probe",
      started: "Aim at the forehead, hold still",
      start: "Aim at the forehead, press its key",
      mind: "This is the skin: a low number clears nobody. Unwell from heat? Get help",
    },
    body: {
      name: "Height, weight",
      how: [
        "Shoes and hat off, pockets empty",
        "Bare feet in the middle, look ahead",
        "Stand still, hold on to nothing",
      ],
      before: "Wipe the platform first",
      after: "Please wipe the platform",
      started: "Stand upright and still",
      start: "Step on, stand upright and still",
    },
    composition: {
      name: "Body fat",
      how: ["Bare feet on the metal plates", "Hold both handles, arms apart", "With a pacemaker: please skip"],
      before: "Wipe handles and plates first",
      after: "Please wipe handles and plates",
      started: "Hold on, do not let go",
      start: "Step on, hold both handles",
    },
    glucose: { name: "Glucose", ...blood, mind: "A finger prick is a first look: a clinic confirms it from a vein" },
    urate: { name: "Uric acid", ...blood },
    lipids: { name: "Blood fats", ...blood },
    haemoglobin: { name: "Haemo\u00adglobin", ...blood },
    ketone: { name: "Ketone", ...blood },
    lactate: { name: "Lactate", ...blood },
    waist: {
      name: "Waist, hip",
      how: ["Stand upright, breathe out", "Waist: a finger above the navel", "Hip: where it is widest"],
      before: "Wipe the tape first",
      after: "Please wipe the tape",
      started: "Enter what the tape says",
      start: "Enter what the tape says",
    },
    grip: {
      name: "Grip",
      how: ["Stand upright, arm hanging down", "As hard as you can, each hand once", "Then read the dial"],
      before: "Wipe the handle first",
      after: "Please wipe the handle",
      started: "Grip as hard as you can",
      start: "Grip as hard as you can",
    },
    vision: {
      name: "Eyesight",
      how: ["Behind the 5 m line, glasses on", "Cover one eye, do not press it", "The smallest line you read counts"],
      before: "Wipe the eye cover first",
      after: "Please wipe the eye cover",
      started: "Enter the line that you read",
      start: "Enter the line that you read",
    },
  },
  instrument: (name) => `Instrument: ${name.en.replace(/ \(.*$/, "")}`,
  overdue: "Its calibration has ended: the value is only a rough one",
  rest: { title: "Sit still before it is measured", lines: ["Back supported, feet flat", "No talking, no phone"] },
  between: { title: "One minute, then once more", lines: ["Keep the arm still, cuff on", "The mean of two is better"] },
  third: { title: "The two differ: once more", lines: ["Keep the arm still, cuff on", "The mean of all three counts"] },
  reading: (count) => `No. ${count}`,
  stillYou: { title: "Is it still you?", lines: ["If not, all earlier values are wiped"] },
  still: (seconds) => ({ title: "Are you still there?", lines: [`No key: all is wiped in ${seconds} s`] }),
  meal: { title: "When did you last eat?", lines: ["The range depends on it"] },
  cuff: "Pressure in the cuff, not yours",
  wave: "Pulse wave",
  preview: "Not steady yet, please wait",
  waiting: "Waiting for the instrument",
  again: {
    "instrument-error": {
      title: "That did not work: please repeat",
      lines: ["Sit still, put it on well", "For blood take a new strip"],
    },
    "nothing-came": { title: "No value came", lines: ["Do you want to try again?"] },
    "instrument-gone": {
      title: "This instrument does not work now",
      lines: ["Everything else can be measured", "Please tell the staff"],
    },
    doubtful: {
      title: "Not reliable: please repeat",
      lines: ["The number is not believed, so it is not shown", "If you feel unwell, call the staff or 120"],
    },
  },
  told: "Done",
  enter: (item) => cabinEnglish.figure[item],
  typing: {
    waist: "A finger above the navel",
    hip: "Where it is widest",
    "grip-left": "Left arm down, grip hard",
    "grip-right": "Right arm down, grip hard",
    "vision-left": "From 5 m, right eye covered",
    "vision-right": "From 5 m, left eye covered",
  },
  wrong: "Please look again",
  figure: {
    systolic: "Systolic (upper)",
    diastolic: "Diastolic (lower)",
    "mean-arterial": "Mean pressure",
    pulse: "Pulse",
    "irregular-beats": "Irregular beats",
    spo2: "Oxygen SpO₂",
    perfusion: "Perfusion index",
    temperature: "Temperature",
    height: "Height",
    weight: "Weight",
    bmi: "Body mass index",
    waist: "Waist",
    hip: "Hip",
    "waist-to-hip": "Waist to hip",
    "body-fat": "Body fat",
    "body-water": "Body water",
    "muscle-mass": "Muscle mass",
    "bone-mass": "Bone mass",
    "visceral-fat": "Visceral fat",
    "basal-metabolism": "Basal rate",
    glucose: "Glucose",
    urate: "Uric acid",
    cholesterol: "Cholesterol",
    hdl: "HDL",
    ldl: "LDL",
    "non-hdl": "Non-HDL",
    triglyceride: "Triglycerides",
    haemoglobin: "Haemoglobin",
    haematocrit: "Haematocrit",
    ketone: "Ketone",
    lactate: "Lactate",
    "grip-left": "Grip, left",
    "grip-right": "Grip, right",
    "vision-left": "Eyesight, left",
    "vision-right": "Eyesight, right",
  },
  unit: (unit) => printedUnit[unit],
  place: { below: "below range", within: "in range", above: "above range", unclear: "cannot tell" },
  class: {
    "very-low": "far below range",
    low: "below range",
    ideal: "in range, ideal",
    suitable: "in range",
    normal: "in range",
    within: "in range",
    "high-normal": "just above range",
    borderline: "just above range",
    raised: "just above range",
    high: "above range",
    grade1: "above range",
    grade2: "well above range",
    grade3: "far above range",
    unclear: "depends on the meal",
    "high-up": "high up: cannot tell",
  },
  range(bands, unit) {
    const edges = within(bands);
    if (edges === undefined) return undefined;
    const { low, high } = edges;
    const range = low === undefined ? `up to ${high}` : high === undefined ? `from ${low}` : `${low}–${high}`;
    return `Range ${range}${unit && ` ${unit}`}`;
  },
  listed: (words) => words.join(", "),
  note: {
    moved: "moved",
    "irregular-pulse": "uneven pulse",
    "cuff-loose": "cuff loose",
    "weak-signal": "weak signal",
    "before-meal": "before a meal",
    "after-meal": "after a meal",
    fasting: "fasting",
    entered: "typed in",
  },
  mean: (count, each) => `mean of ${count}${each === undefined ? "" : ` (${each.join(", ")})`}`,
  unrested: "unrested",
  overdueFigure: "uncalibrated",
  entered: "typed in",
  doubtful: "Not reliable: repeat. Unwell? Call the staff or 120",
  flag: (flag) =>
    flag.rule === "pressure-very-high" && flag.level === "amber"
      ? "Pressure far above range: rest, repeat"
      : flagWords[flag.rule],
  does({ do: what, minutes }) {
    switch (what) {
      case "call-120":
        return "call 120";
      case "call-staff":
        return "call the staff";
      case "tell-supervisor":
        return "tell your supervisor";
      case "see-doctor-today":
        return "see a doctor today";
      case "see-doctor":
        return "see a doctor";
      case "stop-work":
        return "stop work";
      case "cool-now":
        return "into the shade, loosen clothes, wet the skin";
      case "drink":
        return "drink water";
      case "eat-sugar":
        return "eat sugar or a sweet drink";
      case "rest":
        return minutes === undefined ? "sit and rest" : `rest ${minutes} min`;
      case "measure-again":
        return minutes === undefined ? "measure again" : `measure again after ${minutes} min`;
      case "warm-finger":
        return "warm your finger";
      case "water-and-salt":
        return "water and a little salt";
    }
  },
  ambulance: {
    now: "Call 120 now",
    "if-symptoms": "Chest pain or slurred speech: call 120",
    "if-faint": "Confused or fainting: call 120",
  },
  more: "The rest: see Results",
  alert: "Call now",
  results: "Results",
  leaf: (leaf, leaves) => `${leaf} of ${leaves}`,
  print: {
    ready: "Can be printed",
    printing: "Printing",
    printed: "Printed: take your slip",
    "no-paper": "No paper: take the QR code",
    failed: "Not printed: take the QR code",
  },
  send: { ready: "Can be sent", sealing: "Sealing", kept: "Sealed, on its way", failed: "Could not be sent" },
  nothing: "Nothing was measured yet",
  qr: {
    title: "Scan with your phone",
    lines: ["Camera or WeChat", "No network needed"],
  },
  sendTo: (to) => ({
    title: "Send the results, sealed?",
    lines: [
      `Only ${to.en} can open them`,
      "Nobody on the way can: no station, no union",
      "If not, print or scan as before",
    ],
  }),
  passCode: {
    title: "Enter your pass number",
    lines: ["12 digits, or press New pass", "It keeps ticks, never a value"],
  },
  passSaid: {
    unknown: "No pass has this number: look again",
    full: "No room for a new pass: ask the staff",
    failed: "Cannot be looked up now: try later",
  },
  passTicked: (ticked, of) => `${ticked} of ${of} items done`,
  passHint: (code) => `Pass ${code}: write it down`,
  passWrong: "No item has this number",
  passHere: "here",
  bye: {
    title: "Everything is wiped. Goodbye",
    lines: ["Please wipe what you used", "Lancets into the sharps box", "Thank you for your work!"],
  },
};
