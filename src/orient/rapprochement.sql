-- Finding that rows of several sources are one place: what is compared, what was decided.

-- name: rapprochement_lignes() each
SELECT s.source_id, s.id_source, s.lieu_id, s.valeurs, s.rapproche_le, l.nom, l.adresse,
	l.commune, l.code_insee, l.code_postal, l.pivot, l.telephone, l.courriels, l.site_web,
	l.latitude, l.longitude, l.position, l.source, l.publication
FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id
WHERE l.publication <> 'retire' OR l.publication_motif = 'absent'
ORDER BY s.lieu_id, s.source_id, s.id_source;

-- name: rapprochement_source_propre() maybe
SELECT id FROM source WHERE nom = 'lieu-lui-meme';

-- name: rapprochement_dits() each
SELECT source_a, id_a, source_b, id_b, etat FROM rapprochement
WHERE etat IN ('meme', 'different') ORDER BY source_a, id_a, source_b, id_b;

-- name: rapprochement_vus(text now) exec
UPDATE lieu_source SET rapproche_le = :now WHERE rapproche_le IS NULL;

-- name: rapprochement_reste() one
SELECT count(*) AS n -- int
FROM lieu_source WHERE rapproche_le IS NULL;

-- name: rapprochement_put(text source_a, text id_a, text source_b, text id_b, real score, text raisons, text etat, text now) exec
INSERT INTO rapprochement (source_a, id_a, source_b, id_b, score, raisons, etat, vu_le)
VALUES (:source_a, :id_a, :source_b, :id_b, :score, :raisons, :etat, :now)
ON CONFLICT (source_a, id_a, source_b, id_b) DO UPDATE SET score = excluded.score,
	raisons = excluded.raisons,
	etat = CASE WHEN rapprochement.etat = 'plus_tard' AND excluded.etat = 'attente'
		THEN 'plus_tard' ELSE excluded.etat END
WHERE rapprochement.etat NOT IN ('meme', 'different');

-- name: rapprochement_mot(text source_a, text id_a, text source_b, text id_b, text etat, text agent_id, text now) exec
INSERT INTO rapprochement (source_a, id_a, source_b, id_b, score, raisons, etat, vu_le, decide_le,
	agent_id)
VALUES (:source_a, :id_a, :source_b, :id_b, 0, '', :etat, :now, :now, :agent_id)
ON CONFLICT (source_a, id_a, source_b, id_b) DO UPDATE SET etat = excluded.etat,
	decide_le = excluded.decide_le, agent_id = excluded.agent_id;

-- name: rapprochement_mot_de(text source_a, text id_a, text source_b, text id_b) maybe
SELECT etat FROM rapprochement WHERE source_a = :source_a AND id_a = :id_a
	AND source_b = :source_b AND id_b = :id_b;

-- Pairs that wait though both rows are one place by now.
-- name: rapprochement_regles(text now) exec
UPDATE rapprochement SET etat = 'sur', decide_le = :now
WHERE etat IN ('attente', 'plus_tard') AND EXISTS (
	SELECT 1 FROM lieu_source a JOIN lieu_source b ON a.lieu_id = b.lieu_id
	WHERE a.source_id = rapprochement.source_a AND a.id_source = rapprochement.id_a
		AND b.source_id = rapprochement.source_b AND b.id_source = rapprochement.id_b);

-- name: rapprochement_lieu_de(text source_id, text id_source) maybe
SELECT s.lieu_id, l.publication FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id
WHERE s.source_id = :source_id AND s.id_source = :id_source;

-- How many waiting pairs hold this place back.
-- name: rapprochement_retenu_par(text lieu_id) one
SELECT count(*) AS n -- int
FROM rapprochement r JOIN lieu_source a ON a.source_id = r.source_a AND a.id_source = r.id_a
	JOIN lieu_source b ON b.source_id = r.source_b AND b.id_source = r.id_b
	JOIN lieu la ON la.id = a.lieu_id JOIN lieu lb ON lb.id = b.lieu_id
WHERE r.etat IN ('attente', 'plus_tard')
	AND ((a.lieu_id = :lieu_id AND lb.publication = 'protege')
		OR (b.lieu_id = :lieu_id AND la.publication = 'protege'));

-- name: rapprochement_lignes_de(text lieu_id) many
SELECT source_id, id_source FROM lieu_source WHERE lieu_id = :lieu_id
ORDER BY source_id, id_source;
