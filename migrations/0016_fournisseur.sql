-- A federation (FranceConnect and the like) asks us who acts for whom.  The two tables that
-- 0012 had made for it never held a row: they are made again, whole.

DROP TABLE federation_code;
DROP TABLE federation_client;

CREATE TABLE federation_client (        -- a site, or a hub of sites, that may ask
	id TEXT NOT NULL PRIMARY KEY,   -- client_id
	nom TEXT NOT NULL,              -- as people read it: "FranceConnect"
	secret TEXT,                    -- SHA-256 of its secret of 256 bits; null: it signs (cles)
	secret_avant TEXT,              -- the one before, while both sides change
	secret_avant_fin TEXT,          -- until when that one still serves
	cles TEXT,                      -- its public keys (JWKS), for private_key_jwt
	retours TEXT NOT NULL,          -- redirect_uri, exact, one a line
	sorties TEXT NOT NULL DEFAULT '',       -- post_logout_redirect_uri, the same
	strict INTEGER NOT NULL DEFAULT 0 CHECK (strict IN (0, 1)), -- 1: unknown parameters are refused
	pkce INTEGER NOT NULL DEFAULT 0 CHECK (pkce IN (0, 1)), -- 1: nothing without PKCE
	signe INTEGER NOT NULL DEFAULT 0 CHECK (signe IN (0, 1)), -- 1: userinfo is a signed token
	algorithme TEXT NOT NULL DEFAULT 'RS256' CHECK (algorithme IN ('RS256', 'ES256')),
	sel TEXT NOT NULL,              -- sub of a person differs from one client to another
	cree_le TEXT NOT NULL
) STRICT;

CREATE TABLE federation_code (          -- a connection under way: a code of 30 s, then a token of 60 s
	empreinte TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the code
	client_id TEXT NOT NULL REFERENCES federation_client (id),
	mandat_id TEXT NOT NULL REFERENCES mandat (id),
	demarche TEXT NOT NULL,
	agent_id TEXT NOT NULL REFERENCES agent (id),
	acte_id TEXT NOT NULL,          -- of the act that the exchange will write
	retour TEXT NOT NULL,
	nonce TEXT NOT NULL,
	defi TEXT,                      -- PKCE S256; null: none was asked
	portee TEXT NOT NULL,           -- scope
	identite TEXT,                  -- JSON of what the person let go with it, typed for this once
	auth_le INTEGER NOT NULL,       -- when the agent proved who they are, seconds
	expire_le TEXT NOT NULL,
	utilise_le TEXT,
	jeton TEXT UNIQUE,              -- SHA-256 of the access token, once exchanged
	jeton_expire_le TEXT
) STRICT;
CREATE INDEX federation_code_expire ON federation_code (expire_le);
CREATE INDEX federation_code_agent ON federation_code (agent_id, client_id);

CREATE TABLE federation_signe (         -- client assertions that have served (jti), while they could again
	client_id TEXT NOT NULL REFERENCES federation_client (id),
	jti TEXT NOT NULL,              -- SHA-256
	expire_le TEXT NOT NULL,
	PRIMARY KEY (client_id, jti)
) STRICT;
