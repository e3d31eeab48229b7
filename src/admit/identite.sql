-- Identities of outside providers, linked by their agents.

-- name: identite_of(text fournisseur, text sujet) maybe
SELECT agent_id FROM identite WHERE fournisseur = :fournisseur AND sujet = :sujet;

-- name: identites_of(text agent) many
SELECT fournisseur, sujet, liee_le, vue_le FROM identite WHERE agent_id = :agent
ORDER BY liee_le, fournisseur, sujet;

-- Other ways to log in than the identities: a password, or a link by mail.
-- name: identite_others(text agent) one
SELECT a.mot_de_passe IS NOT NULL OR a.courriel IS NOT NULL AS autre, -- int
	(SELECT count(*) FROM identite i WHERE i.agent_id = a.id) AS identites -- int
FROM agent a WHERE a.id = :agent;

-- name: identite_put(text fournisseur, text sujet, text agent, text le) exec
INSERT INTO identite (fournisseur, sujet, agent_id, liee_le, vue_le)
VALUES (:fournisseur, :sujet, :agent, :le, NULL);

-- name: identite_set_seen(text fournisseur, text sujet, text le) exec
UPDATE identite SET vue_le = :le WHERE fournisseur = :fournisseur AND sujet = :sujet;

-- name: identite_drop(text fournisseur, text sujet, text agent) exec
DELETE FROM identite WHERE fournisseur = :fournisseur AND sujet = :sujet AND agent_id = :agent;
