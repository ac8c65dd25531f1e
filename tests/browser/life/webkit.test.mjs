/** The same in WebKit, as far as it is cheap there: its windows are driven one at a time. */
import assert from "node:assert/strict";
import { inEngines } from "./support/life.mjs";

inEngines(
  ["webkit"],
  ({ it }) => {
    it("reloaded while it asks, and while the request is on its way", async (scene) => {
      scene.room.faults = ["taken-hold"];
      const tab = await scene.open();
      await tab.end();
      await tab.asks();
      await tab.kept();
      await tab.reload();
      await tab.asks();
      await tab.yes();
      await scene.posts(1);
      await tab.kept();
      await tab.reload();
      await tab.endsAs("transferred / accepted");
      assert.equal((await tab.is()).asked, 0);
      scene.assertOneHandoff({ posts: 2 });
      await tab.assertKeptDone();
    });

    it("two tabs: one question, the other goes on when the first one is closed, and is the only one to hand off", async (scene) => {
      const [a, b, c] = [await scene.open(), await scene.open(), await scene.open()];
      await a.end();
      await a.asks();
      for (const tab of [b, c]) {
        await tab.end();
        await tab.waits();
      }
      await a.close();
      const next = await Promise.any([b.asks().then(() => b), c.asks().then(() => c)]);
      const last = next === b ? c : b;
      await next.answer("no");
      await next.endsAs("declined / opt_in_declined");
      await last.endsAs("skipped / handled_elsewhere");
      assert.equal((await last.is()).asked, 0);
      scene.assertNothingSent();
    });
  },
  { together: 1 },
);
