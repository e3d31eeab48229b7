-- Voices of instruments: what is said aloud of a question in a language, or signed.  The bytes
-- are in the folder fichiers/ of the data folder.  Who speaks is not named.

CREATE TABLE voix (
	instrument TEXT NOT NULL,       -- its id; all its versions
	code TEXT NOT NULL,             -- what is said: id of a question, of a grid, or 'debut'
	langue TEXT NOT NULL,           -- 'fr', 'ar', 'snk', 'fsl': BCP 47, data of detect/voix.c
	empreinte TEXT NOT NULL,        -- SHA-256 of the words that were said: other words, no voice
	texte TEXT NOT NULL,            -- those words, so that who records again sees what has changed
	genre TEXT NOT NULL CHECK (genre IN ('humaine', 'synthese')), -- a person, or a machine for the time being
	fichier TEXT NOT NULL,          -- 'SHA-256.ext' of the bytes: fichiers/voix-SHA-256.ext
	octets INTEGER NOT NULL CHECK (octets > 0),
	duree_ms INTEGER NOT NULL CHECK (duree_ms >= 0), -- 0: the file does not say
	accord INTEGER NOT NULL CHECK (accord IN (0, 1)), -- who speaks agreed that it is published; 0 of a machine
	le TEXT NOT NULL,               -- when it was put here, UTC
	PRIMARY KEY (instrument, code, langue, empreinte)
) STRICT;

CREATE INDEX voix_par_fichier ON voix (fichier);
