/** What a critical eye finds on a picture. Each finding is a sentence; none is a good picture. */
export interface Findings {
  readonly cut: readonly string[];
  readonly overlapping: readonly string[];
  readonly faint: readonly string[];
  readonly keys: readonly string[];
  readonly headline: string;
}

export interface GlassSize {
  readonly widthMm: number;
  readonly keyMm: number;
  readonly gapMm: number;
}

/** Runs inside the page, so it may use nothing from outside itself. */
export function look({ widthMm, keyMm, gapMm }: GlassSize): Findings {
  const pxPerMm = innerWidth / widthMm;
  const cut: string[] = [];
  const overlapping: string[] = [];
  const faint: string[] = [];
  const keys: string[] = [];
  const root = document.querySelector(".screen");
  if (!root) return { cut: ["there is no screen"], overlapping, faint, keys, headline: "" };

  const meets = (a: DOMRect, b: DOMRect, slack: number): boolean =>
    a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
  const within = (inner: DOMRect, outer: DOMRect): boolean =>
    inner.left >= outer.left - 1 &&
    inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 &&
    inner.bottom <= outer.bottom + 1;
  const inside = (holder: Element): DOMRect => {
    const { left, top, width, height } = holder.getBoundingClientRect();
    const border = 2 * Number.parseFloat(getComputedStyle(holder).borderTopWidth);
    return new DOMRect(left + border, top + border, width - 2 * border, height - 2 * border);
  };

  // Texts, line by line, each as high as its letters and not as its line.
  const texts: { readonly text: string; readonly parent: Element; readonly box: DOMRect }[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (!parent || text === "") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = Number.parseFloat(getComputedStyle(parent).fontSize);
    for (const line of range.getClientRects()) {
      const middle = line.top + line.height / 2;
      texts.push({ text, parent, box: new DOMRect(line.left, middle - size * 0.45, line.width, size * 0.9) });
    }
  }

  const glass = new DOMRect(0, 0, innerWidth, innerHeight);
  for (const element of [document.documentElement, document.body, ...root.querySelectorAll("*")]) {
    if (element.closest("svg")) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      cut.push(`<${element.tagName} ${element.className}> is wider inside than outside`);
    if (!within(element.getBoundingClientRect(), glass))
      cut.push(`<${element.tagName} ${element.className}> leaves the glass`);
    const { animationName, transitionDuration, cursor } = getComputedStyle(element);
    if (animationName !== "none" || transitionDuration !== "0s") cut.push(`<${element.className}> moves`);
    if (cursor !== "none") cut.push(`<${element.className}> shows a cursor`);
  }
  for (const { text, parent, box } of texts) {
    const holder = parent.closest(".key, .tile, .where, .main, .simulation");
    if (!holder) cut.push(`"${text}" stands nowhere`);
    else if (!within(box, holder.getBoundingClientRect()) || (holder.matches(".tile") && !within(box, inside(holder))))
      cut.push(`"${text}" leaves <${holder.className}>`);
  }

  for (const [i, one] of texts.entries()) {
    for (const other of texts.slice(i + 1)) {
      if (meets(one.box, other.box, 1)) overlapping.push(`"${one.text}" and "${other.text}"`);
    }
  }
  const targets = [...root.querySelectorAll("[data-press]")];
  const boxes = targets.map((target) => target.getBoundingClientRect());
  for (const [i, target] of targets.entries()) {
    const name = target.getAttribute("data-press") ?? "";
    const box = boxes[i] ?? glass;
    for (const { text, parent, box: words } of texts) {
      if (!target.contains(parent) && meets(box, words, 1)) overlapping.push(`key ${name} and "${text}"`);
    }
    for (const [j, other] of boxes.entries()) {
      if (j <= i) continue;
      const gap = Math.max(
        other.left - box.right,
        box.left - other.right,
        other.top - box.bottom,
        box.top - other.bottom,
      );
      const least = Math.min(gapMm, 2) * pxPerMm;
      if (gap < least - 0.5) keys.push(`${name} and ${targets[j]?.getAttribute("data-press")} are ${gap} px apart`);
    }
    const [width, height] = [box.width / pxPerMm, box.height / pxPerMm];
    const floor = name === "language" ? 12 : keyMm;
    const lowest = name.startsWith("choose:") && targets.length > 5 ? 19 : floor;
    if (width < keyMm - 0.1 || height < lowest - 0.1)
      keys.push(`${name} is ${width.toFixed(1)} by ${height.toFixed(1)} mm`);
  }

  // WCAG 2.2: relative luminance of sRGB.
  const luminance = ([r, g, b]: readonly number[]): number => {
    const line = (c = 0): number => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
  };
  const numbers = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const paper = (element: Element | null): number[] => {
    if (!element) return [255, 255, 255];
    const [r, g, b, alpha = 1] = numbers(getComputedStyle(element).backgroundColor);
    return alpha === 0 ? paper(element.parentElement) : [r ?? 0, g ?? 0, b ?? 0];
  };
  const inked = texts.map(({ text, parent }) => ({ text, element: parent }));
  for (const svg of root.querySelectorAll("svg")) inked.push({ text: "a picture", element: svg });
  for (const { text, element } of inked) {
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(numbers(style.color)), luminance(paper(element))].sort((a, b) => b - a);
    const ratio = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
    if (ratio < 7 || style.opacity !== "1") faint.push(`"${text}" has a contrast of ${ratio.toFixed(1)}`);
    if (Number(style.fontWeight) < 400) faint.push(`"${text}" is thin`);
    const mm = Number.parseFloat(style.fontSize) / pxPerMm;
    if (text !== "a picture" && mm < 4 && !element.closest(".simulation"))
      faint.push(`"${text}" is ${mm.toFixed(1)} mm`);
  }
  return { cut, overlapping, faint, keys, headline: root.querySelector("h1")?.textContent ?? "" };
}

/** Height in millimetres of the lowest of the ten digits, as the page's own font draws them. */
export function digitHeight(widthMm: number): number {
  const box = document.querySelector(".box");
  const pen = document.createElement("canvas").getContext("2d");
  if (!box || !pen) return 0;
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(box);
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  const heights = "0123456789".split("").map((digit) => {
    const { actualBoundingBoxAscent, actualBoundingBoxDescent } = pen.measureText(digit);
    return actualBoundingBoxAscent + actualBoundingBoxDescent;
  });
  return Math.min(...heights) / (innerWidth / widthMm);
}
