-- Places that their sources no longer list.

-- name: absence_ligne(text source_id, text id_source, text jour) exec
UPDATE lieu_source SET absent_depuis = :jour
WHERE source_id = :source_id AND id_source = :id_source AND absent_depuis IS NULL;

-- Absent when every source that lists it is; what it says itself is no list.
-- name: absence_lieux(text source_id) exec
UPDATE lieu SET absent_depuis = (
	SELECT CASE WHEN count(*) = count(s.absent_depuis) THEN max(s.absent_depuis) ELSE NULL END
	FROM lieu_source s JOIN source q ON q.id = s.source_id
	WHERE s.lieu_id = lieu.id AND q.nom <> 'lieu-lui-meme')
WHERE id IN (SELECT lieu_id FROM lieu_source
		WHERE source_id = :source_id AND absent_depuis IS NOT NULL)
	OR (absent_depuis IS NOT NULL
		AND id IN (SELECT lieu_id FROM lieu_source WHERE source_id = :source_id));

-- name: absence_retour(text now) exec
UPDATE lieu SET publication = CASE WHEN adresse_protegee = 1 THEN 'protege' ELSE 'publie' END,
	publication_motif = NULL, maj_le = :now
WHERE publication = 'retire' AND publication_motif = 'absent' AND absent_depuis IS NULL;

-- name: absence_partants(text limite) one
SELECT count(*) AS n -- int
FROM lieu WHERE publication = 'publie' AND absent_depuis IS NOT NULL AND absent_depuis <= :limite
	AND (confirme_le IS NULL OR confirme_le < absent_depuis);

-- name: absence_depart(text limite, text now) exec
UPDATE lieu SET publication = 'retire', publication_motif = 'absent', maj_le = :now
WHERE publication = 'publie' AND absent_depuis IS NOT NULL AND absent_depuis <= :limite
	AND (confirme_le IS NULL OR confirme_le < absent_depuis);

-- name: absence_reglage() maybe
SELECT valeur FROM reglage WHERE cle = 'lieux_absence_jours';

-- name: absence_regler(text valeur) exec
INSERT INTO reglage (cle, valeur) VALUES ('lieux_absence_jours', :valeur)
ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur;
