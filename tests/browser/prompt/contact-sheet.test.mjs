import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { useGallery } from "./support/gallery-pages.mjs";

// For a person to look at: nothing compares them.
const folder = fileURLToPath(new URL("../../../build/contact-sheet/", import.meta.url));
const gallery = useGallery("chromium");

for (const theme of ["light", "dark"]) {
  for (const dir of ["ltr", "rtl"]) {
    test(`contact sheet: every state, ${theme}, ${dir}`, async () => {
      await mkdir(folder, { recursive: true });
      const look = `theme=${theme}&dir=${dir}`;
      const { driver } = await gallery.open(`${look}&sheet`, { width: 1640 });
      await driver.screenshot({ path: `${folder}${theme}-${dir}.png`, fullPage: true });
      await gallery.open(look, { width: 320 });
      await driver.screenshot({ path: `${folder}${theme}-${dir}-narrow.png`, fullPage: true });
      for (const name of ["modal-opt-in", "modal-form"]) {
        await gallery.open(`${look}&state=${name}`, { width: 480, height: 640 });
        await driver.screenshot({ path: `${folder}${theme}-${dir}-${name}.png` });
      }
    });
  }
}

test("contact sheet: every state in forced colours", async () => {
  const { driver } = gallery.page;
  await driver.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await gallery.open("theme=auto&sheet", { width: 1640 });
  await driver.screenshot({ path: `${folder}forced-colours.png`, fullPage: true });
});
