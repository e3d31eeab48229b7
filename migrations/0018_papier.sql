-- Sheets of paper that were typed back: which ones, so that none counts twice; and what was
-- typed of those that wait to be typed again by somebody else.

CREATE TABLE feuille (
	numero TEXT NOT NULL,           -- SHA-256 of the number printed on the sheet, which the person holds too
	instrument TEXT NOT NULL,
	version TEXT NOT NULL,
	structure_id TEXT NOT NULL REFERENCES structure (id),
	le TEXT NOT NULL,               -- day it was typed first, in Paris
	etat TEXT NOT NULL CHECK (etat IN ('attend', 'comparee', 'faite')),
	-- 'attend': typed once, waits for the second time; 'comparee': typed twice, what differs is read
	-- again; 'faite': kept or counted, nothing more is written here
	reponses TEXT NOT NULL DEFAULT '', -- as typed the first time, JSON (reponses_write); '' of 'faite'
	PRIMARY KEY (numero, instrument)
) STRICT;

CREATE TABLE double_saisie (            -- how far two typings of one sheet agree, all sheets together
	instrument TEXT NOT NULL,
	version TEXT NOT NULL,
	structure_id TEXT NOT NULL REFERENCES structure (id),
	mois TEXT NOT NULL,             -- '2026-11'
	feuilles INTEGER NOT NULL CHECK (feuilles > 0),
	comparees INTEGER NOT NULL CHECK (comparees >= 0), -- answers typed twice
	identiques INTEGER NOT NULL CHECK (identiques >= 0 AND identiques <= comparees),
	PRIMARY KEY (instrument, version, structure_id, mois)
) STRICT;
