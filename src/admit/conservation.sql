-- What the law and docs/securite.md let be kept of accounts, and until when.

-- name: conservation_traces(text before) exec
DELETE FROM trace WHERE le < :before;

-- name: conservation_liens(text before) exec
DELETE FROM lien WHERE expire_le < :before;

-- An agent who left keeps no name once no line of the log speaks of them.
-- name: conservation_partis(text before, text now) exec
UPDATE agent SET prenom = '', nom = 'Agent parti', nom_cle = 'agent parti', courriel = NULL,
	telephone = NULL, mot_de_passe = NULL, identifiant = id, maj_le = :now
WHERE etat = 'parti' AND maj_le < :before AND identifiant <> id
	AND NOT EXISTS (SELECT 1 FROM trace t WHERE t.cible_id = agent.id OR t.agent_id = agent.id);
