// The certified provider oidc-provider (MIT), with a hand between it and its clients that alters what it signs, with its own keys.
//
// Prints {"issuer": "http://127.0.0.1:…"} once it listens, and stops with its standard input. Everybody is signed in as Awa Diallo at once.
// POST /_main sets what the hand does from then on:
//   {"id_token": ALTERATION, "userinfo": ALTERATION, "publish_next": true, "down": true}
//   ALTERATION: {"claims": {"aud": "other", "exp": null}, "key": "own" | "next" | "none" | "public"}
// A null removes a claim; "next" is a key that is published only after "publish_next"; "public" is HS256 with the public key as its secret.
import { createHmac, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { CompactSign, decodeJwt, decodeProtectedHeader, importJWK } from "jose";
import Provider from "oidc-provider";

const person = {
  email: "awa.diallo@exemple.fr",
  email_verified: true,
  given_name: "Awa",
  usual_name: "Diallo",
  siret: "13002526500013",
};

function makeKey(kid, alg) {
  const pair = alg === "RS256" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    private: { ...pair.privateKey.export({ format: "jwk" }), kid, alg, use: "sig" },
    public: { ...pair.publicKey.export({ format: "jwk" }), kid, alg, use: "sig" },
    pem: pair.publicKey.export({ format: "pem", type: "spki" }),
  };
}

const keys = { ES256: makeKey("es", "ES256"), RS256: makeKey("rs", "RS256"), next: makeKey("next", "ES256") };
let hand = {};

function client(alg, userinfo, authentication) {
  return {
    client_id: [alg, userinfo ? "jwt" : "json", authentication].join("-").toLowerCase(),
    client_secret: "sel & poivre: 100 %+",
    redirect_uris: ["http://127.0.0.1/connexion/retour", "http://localhost:8080/connexion/fournisseur/retour"],
    post_logout_redirect_uris: ["http://127.0.0.1/", "http://localhost:8080/connexion"],
    id_token_signed_response_alg: alg,
    ...(userinfo && { userinfo_signed_response_alg: alg }),
    token_endpoint_auth_method: `client_secret_${authentication}`,
  };
}

/** The same token with other claims, signed by the key that the plan names. */
async function alter(token, { claims = {}, key = "own" } = {}) {
  const header = decodeProtectedHeader(token);
  const altered = Object.entries({ ...decodeJwt(token), ...claims }).filter(([, value]) => value !== null);
  const payload = Buffer.from(JSON.stringify(Object.fromEntries(altered)));
  const encode = (value) => Buffer.from(value).toString("base64url");
  if (key === "none") return `${encode(JSON.stringify({ alg: "none" }))}.${encode(payload)}.`;
  if (key === "public") {
    const signed = `${encode(JSON.stringify({ ...header, alg: "HS256" }))}.${encode(payload)}`;
    return `${signed}.${createHmac("sha256", keys[header.alg].pem).update(signed).digest("base64url")}`;
  }
  const jwk = keys[key === "next" ? "next" : header.alg].private;
  return new CompactSign(payload).setProtectedHeader({ ...header, alg: jwk.alg, kid: jwk.kid }).sign(await importJWK(jwk));
}

async function interfere(ctx) {
  if (ctx.path === "/token" && ctx.body?.id_token) {
    ctx.body = { ...ctx.body, id_token: await alter(ctx.body.id_token, hand.id_token) };
  } else if (ctx.path === "/me" && typeof ctx.body === "string") {
    ctx.body = await alter(ctx.body, hand.userinfo);
  } else if (ctx.path === "/me") {
    ctx.body = { ...ctx.body, ...hand.userinfo?.claims };
  } else if (ctx.path === "/jwks" && hand.publish_next) {
    ctx.body = { keys: [...ctx.body.keys, keys.next.public] };
  }
}

async function signInAtOnce(provider, ctx) {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: "awa", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const login = { accountId: "awa", acr: "eidas2", amr: ["pwd", "mfa"] };
  const consent = { grantId: await grant.save() };
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login, consent }));
}

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const algorithms = ["ES256", "RS256"];
const provider = new Provider(issuer, {
  clients: algorithms.flatMap((alg) => [client(alg, false, "post"), client(alg, true, "post"), client(alg, true, "basic")]),
  jwks: { keys: algorithms.map((alg) => keys[alg].private) },
  cookies: { keys: ["test"] },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true }, jwtUserinfo: { enabled: true } },
  acrValues: ["eidas1", "eidas2"],
  claims: { openid: ["sub"], acr: null, amr: null, email: ["email", "email_verified"], given_name: ["given_name"], usual_name: ["usual_name"], siret: ["siret"] },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
});
provider.use(async (ctx, next) => {
  if (ctx.path === "/_main") {
    hand = await json(ctx.req);
    ctx.status = 204;
  } else if (hand.down) {
    ctx.status = 503;
  } else if (ctx.path.startsWith("/interaction/")) {
    await signInAtOnce(provider, ctx);
  } else {
    await next();
    await interfere(ctx);
  }
});
server.on("request", provider.callback());
process.stdin.resume().on("end", () => process.exit());
console.log(JSON.stringify({ issuer }));
