-- Merging two records, taking them apart.

-- name: fusion_lieu(text id) maybe
SELECT id, publication, publication_motif, adresse_protegee FROM lieu WHERE id = :id;

-- A row that stays where it is: the index of places is not written again.
-- name: fusion_ligne_garde(text source_id, text id_source, text origine, text valeurs) exec
UPDATE lieu_source SET lieu_origine = :origine, valeurs = :valeurs
WHERE source_id = :source_id AND id_source = :id_source;

-- name: fusion_ligne(text source_id, text id_source, text lieu_id, text origine, text valeurs) exec
UPDATE lieu_source SET lieu_id = :lieu_id, lieu_origine = :origine, valeurs = :valeurs
WHERE source_id = :source_id AND id_source = :id_source;

-- How much else names this place.
-- name: fusion_suites(text lieu_id) one
SELECT (SELECT count(*) FROM lieu_alias WHERE lieu_id = :lieu_id)
	+ (SELECT count(*) FROM lieu_signalement WHERE lieu_id = :lieu_id)
	+ (SELECT count(*) FROM lieu_changement WHERE lieu_id = :lieu_id)
	+ (SELECT count(*) FROM lieu_acces WHERE lieu_id = :lieu_id) AS n -- int
;

-- name: fusion_alias_suivent(text garde, text parti) exec
UPDATE lieu_alias SET lieu_id = :garde WHERE lieu_id = :parti;

-- name: fusion_alias(text parti, text garde) exec
INSERT INTO lieu_alias (ancien_id, lieu_id) VALUES (:parti, :garde)
ON CONFLICT (ancien_id) DO UPDATE SET lieu_id = excluded.lieu_id;

-- name: fusion_alias_fini(text id) exec
DELETE FROM lieu_alias WHERE ancien_id = :id;

-- name: fusion_publication(text id, text publication, text motif, int adresse_protegee, text now) exec
UPDATE lieu SET publication = :publication, publication_motif = :motif,
	adresse_protegee = :adresse_protegee, maj_le = :now
WHERE id = :id;

-- name: fusion_signalements(text garde, text parti) exec
UPDATE lieu_signalement SET lieu_id = :garde WHERE lieu_id = :parti;

-- name: fusion_changements(text garde, text parti) exec
UPDATE lieu_changement SET lieu_id = :garde WHERE lieu_id = :parti;

-- name: fusion_acces(text garde, text parti) exec
UPDATE lieu_acces SET lieu_id = :garde WHERE lieu_id = :parti;

-- name: fusion_garde(text id, text publication, text motif, int adresse_protegee, text confirme_le, text absent_depuis, text now) exec
UPDATE lieu SET publication = :publication, publication_motif = :motif,
	adresse_protegee = :adresse_protegee, confirme_le = :confirme_le,
	absent_depuis = :absent_depuis, maj_le = :now
WHERE id = :id;

-- name: separer_lignes(text lieu_id) many
SELECT source_id, id_source, lieu_origine FROM lieu_source WHERE lieu_id = :lieu_id
ORDER BY lieu_origine, source_id, id_source;

-- name: separer_lieu_de(text source_id, text id_source) maybe
SELECT lieu_id FROM lieu_source WHERE source_id = :source_id AND id_source = :id_source;

-- name: separer_ligne(text source_id, text id_source, text lieu_id) exec
UPDATE lieu_source SET lieu_id = :lieu_id
WHERE source_id = :source_id AND id_source = :id_source;

-- name: fusion_retenir(text id, text motif, text now) exec
UPDATE lieu SET publication = 'protege', publication_motif = :motif, maj_le = :now
WHERE id = :id AND publication = 'publie' AND publication_motif IS NULL;

-- name: fusion_relacher(text id, text motif, text now) exec
UPDATE lieu SET publication = 'publie', publication_motif = NULL, maj_le = :now
WHERE id = :id AND publication = 'protege' AND publication_motif = :motif
	AND adresse_protegee = 0;
