// Sends each kind of call once, and says what the library reports as failed.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, maxRetries: 3, flushAt: 5 });
const failures = [];
analytics.on("error", (failure) => failures.push(String(failure.reason ?? failure.code)));

const context = { groupId: "oak" };
analytics.group({ userId: "u1", groupId: "oak", traits: { name: "Oak & Söhne 🌳", industry: "Forestry" } });
analytics.identify({ userId: "u1", traits: { name: "Uma Unterholz", email: "uma@oak.test" } });
analytics.track({ userId: "u1", event: "report.exported", properties: { feature: "reports" }, context });
analytics.page({ userId: "u2", name: "Home", properties: { path: "/" }, context });
analytics.screen({ anonymousId: "visitor-1", name: "Settings", context });
analytics.track({ anonymousId: "visitor-1", event: "report.printed", context });
await analytics.closeAndFlush();

if (process.argv.includes("--alias")) {
  const again = new Analytics({ host, writeKey });
  again.on("error", (failure) => failures.push(String(failure.reason ?? failure.code)));
  again.alias({ userId: "u1", previousId: "visitor-1" });
  await again.closeAndFlush();
}
console.log(JSON.stringify({ failures }));
