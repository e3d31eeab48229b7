-- Voices of instruments.

-- name: voix_rows(text instrument) many
SELECT code, langue, empreinte, texte, genre, fichier, octets, duree_ms, le FROM voix
WHERE instrument = :instrument ORDER BY code, langue, le DESC;

-- name: voix_row(text instrument, text code, text langue, text empreinte) maybe
SELECT genre, fichier FROM voix
WHERE instrument = :instrument AND code = :code AND langue = :langue AND empreinte = :empreinte;

-- name: voix_put(text instrument, text code, text langue, text empreinte, text texte, text genre, text fichier, int octets, int duree_ms, int accord, text le) exec
INSERT INTO voix (instrument, code, langue, empreinte, texte, genre, fichier, octets, duree_ms, accord, le)
VALUES (:instrument, :code, :langue, :empreinte, :texte, :genre, :fichier, :octets, :duree_ms, :accord, :le)
ON CONFLICT (instrument, code, langue, empreinte) DO UPDATE SET texte = excluded.texte,
	genre = excluded.genre, fichier = excluded.fichier, octets = excluded.octets,
	duree_ms = excluded.duree_ms, accord = excluded.accord, le = excluded.le;

-- name: voix_drop(text instrument, text code, text langue, text empreinte) exec
DELETE FROM voix
WHERE instrument = :instrument AND code = :code AND langue = :langue AND empreinte = :empreinte;

-- name: voix_held(text fichier) one
SELECT count(*) AS fois -- int
FROM voix WHERE fichier = :fichier;
