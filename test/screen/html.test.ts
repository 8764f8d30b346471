import fc from "fast-check";
import { expect, it } from "vitest";
import { firm, html, Html, plain } from "../../controller/screen/html.ts";

it("escapes whatever text is put into a page, and tells it back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const page = html`<p title="${text}">${text}</p>`.text;
      expect(page.slice(10 + 1, -4)).not.toMatch(/<[^>]*<|<script/);
      expect(plain(html`${text}`)).toBe(text);
    }),
  );
});

it("escapes each of the five signs", () => {
  expect(html`${`<a href="x" id='y'>&`}`.text).toBe("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
});

it("passes on only what is already a page", () => {
  expect(html`<p>${html`<b>${"<i>"}</b>`}</p>`.text).toBe("<p><b>&lt;i&gt;</b></p>");
  expect(html`${[html`<b></b>`, "<", 3]}`.text).toBe("<b></b>&lt;3");
});

it("lets false, null and undefined vanish, and keeps a zero", () => {
  expect(html`${false}${null}${undefined}${0}${""}`.text).toBe("0");
});

it("keeps a firm text on one line, escaped", () => {
  expect(firm("<0512>").text).toBe('<span class="firm">&lt;0512&gt;</span>');
  expect(plain(new Html("<b>a</b>&amp;lt;"))).toBe("a&lt;");
});
