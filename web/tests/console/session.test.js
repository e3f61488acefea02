import { json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { actorName } from "../../console/request_status/actor_name.js";
import { endSession, freshToken, isExpired, isManager, session, startSession } from "../../console/sign_in/session.js";
import { fetchRequest, sendDecision } from "../../console/staff_api.js";
import { language } from "../../shared/language.js";

/** @param {string[]} groups @param {number} seconds until the token expires */
const tokenOf = (groups, seconds = 3600) => {
  const claims = { sub: "robin", "cognito:groups": groups, exp: Date.now() / 1000 + seconds };
  return `head.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
};
const never = () => Promise.reject(new Error("not asked for"));

describe("The session", () => {
  afterEach(endSession);

  test("A session is at the first practice where the user is a manager", () => {
    startSession(tokenOf(["prac_1:staff", "prac_2:manager"]), never);
    assert.equal(session.value?.practice_id, "prac_2");
    assert.equal(isManager.value, true);
    assert.deepEqual(session.value?.memberships.map(({ practice_id }) => practice_id), ["prac_2", "prac_1"]);
  });

  test("Of two roles at one practice the manager's counts", () => {
    startSession(tokenOf(["prac_1:staff", "prac_1:manager"]), never);
    assert.deepEqual(session.value?.memberships, [{ practice_id: "prac_1", role: "manager" }]);
  });

  test("An account without a practice cannot sign in", () => {
    assert.throws(() => startSession(tokenOf(["no-practice"]), never), /no practice/);
    assert.equal(session.value, null);
  });

  test("Claims are read as UTF-8 from unpadded base64url", () => {
    startSession(tokenOf(["prac_é?>~:manager"]), never);
    assert.equal(session.value?.practice_id, "prac_é?>~");
  });

  test("A token that is valid for another minute is used as it is", async () => {
    const token = tokenOf(["prac_1:staff"], 90);
    startSession(token, never);
    assert.equal(await freshToken(), token);
  });

  test("A token in its last minute is renewed, and the new one kept", async () => {
    const renewed = tokenOf(["prac_1:staff"]);
    startSession(tokenOf(["prac_1:staff"], 30), async () => renewed);
    assert.equal(await freshToken(), renewed);
    assert.equal(session.value?.token, renewed);
  });

  test("A staff call carries the token", async () => {
    const token = tokenOf(["prac_1:staff"]);
    startSession(token, never);
    const calls = serve(() => json({ id: "req_1" }));
    await fetchRequest("req_1");
    assert.equal(calls[0]?.headers.get("Authorization"), `Bearer ${token}`);
    assert.equal(new URL(calls[0]?.url ?? "").pathname, "/v1/practices/prac_1/requests/req_1");
  });

  test("A session that cannot be renewed has expired, and the call is a problem", async () => {
    startSession(tokenOf(["prac_1:staff"], 30), never);
    serve(() => json({}));
    assert.equal((await fetchRequest("req_1")).problem?.type, "unreachable");
    assert.equal(isExpired.value, true);
  });

  test("A 401 means that the session has expired", async () => {
    startSession(tokenOf(["prac_1:staff"]), never);
    serve(() => json({ type: "unauthorized", title: "", status: 401 }, 401));
    await fetchRequest("req_1");
    assert.equal(isExpired.value, true);
  });

  test("A repeated decision has the same key, one about another revision has its own", async () => {
    startSession(tokenOf(["prac_1:staff"]), never);
    const calls = serve(() => json({ id: "req_1" }));
    const shown = (/** @type {number} */ revision) => /** @type {any} */ ({ id: "req_1", revision });
    for (const revision of [4, 4, 5]) await sendDecision("dismiss", shown(revision), undefined);
    const [first, second, third] = calls.map(({ headers }) => headers.get("Idempotency-Key"));
    assert.equal(second, first);
    assert.notEqual(third, first);
    assert.deepEqual(calls.map(({ headers }) => headers.get("If-Match")), ['"4"', '"4"', '"5"']);
  });

  test("An actor is you, a colleague by name, or the kind of actor", () => {
    language.value = "en";
    startSession(tokenOf(["prac_1:staff"]), never);
    assert.equal(actorName({ by: "staff:robin", by_name: "Robin" }), "you");
    assert.equal(actorName({ by: "staff:sam", by_name: "Sam" }), "Sam");
    assert.equal(actorName({ by: "nobody-known", by_name: null }), actorName({ by: "system", by_name: null }));
  });
});
