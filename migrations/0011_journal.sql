-- The journal: a Merkle tree (RFC 6962) of salted commitments.  What a leaf commits to, with its
-- salt, stands in journal_acte and may be erased; the tree stays whole.  core/journal.h

CREATE TABLE journal_feuille (          -- a leaf: never changed, never removed
	numero INTEGER NOT NULL PRIMARY KEY,    -- from 0, without a hole, in the order of commits
	engagement BLOB NOT NULL CHECK (length(engagement) = 32)
	-- SHA-256 of the 16 bytes of salt and the record: what is published of an act
) STRICT;

CREATE TABLE journal_acte (             -- what a leaf says, until it is erased
	numero INTEGER NOT NULL PRIMARY KEY REFERENCES journal_feuille (numero),
	sel BLOB NOT NULL CHECK (length(sel) = 16),     -- without it the commitment says nothing
	le TEXT NOT NULL,               -- UTC; the order is that of `numero`, whatever the clock did
	genre TEXT NOT NULL,            -- 'mandat.signe', 'compte.connexion': core/journal.h
	structure_id TEXT,              -- whose referents may read it
	usager_id TEXT,                 -- the person whom it is about
	acteur TEXT,                    -- agent, usager or program; null: the command line
	objet TEXT,                     -- id of the mandat, account, export... that it is about
	texte TEXT NOT NULL             -- a JSON object: keys sorted, values texts
) STRICT;
CREATE INDEX journal_acte_usager ON journal_acte (usager_id, numero) WHERE usager_id IS NOT NULL;
CREATE INDEX journal_acte_objet ON journal_acte (objet, numero) WHERE objet IS NOT NULL;

CREATE TABLE journal_origine (          -- the name of the tree, from a leaf on: another after a restore
	depuis INTEGER NOT NULL PRIMARY KEY,    -- 0, or the leaf that declares the restore
	origine TEXT NOT NULL,          -- first line of heads
	cle BLOB CHECK (length(cle) = 32)       -- public key of its heads; null until the first is signed
) STRICT;

CREATE TABLE journal_tete (             -- a signed head (checkpoint) of the tree: never changed
	taille INTEGER NOT NULL PRIMARY KEY,    -- leaves that it covers
	racine BLOB NOT NULL CHECK (length(racine) = 32),
	note TEXT NOT NULL              -- C2SP tlog-checkpoint, with our signature alone
) STRICT;

CREATE TABLE journal_temoignage (       -- a witness signed a head too (C2SP tlog-cosignature)
	taille INTEGER NOT NULL REFERENCES journal_tete (taille),
	cle TEXT NOT NULL,              -- of the witness: NAME+HASH+KEY
	ligne TEXT NOT NULL,            -- line of signature, without its line end
	PRIMARY KEY (taille, cle)
) STRICT;

CREATE TABLE journal_suivi (            -- journals of others that this one is a witness of
	origine TEXT NOT NULL PRIMARY KEY,      -- first line of their heads
	cle TEXT NOT NULL,              -- their key: NAME+HASH+KEY, as signed notes write it
	note TEXT                       -- the last head that was signed here; null: none yet
) STRICT;
