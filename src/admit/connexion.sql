-- Logging in.

-- Who is called so: by mail address or by identifiant, in small letters.
-- name: connexion_agent(text qui) maybe
SELECT id, prenom, courriel, langue, etat, mot_de_passe, structure_id FROM agent
WHERE courriel = :qui OR identifiant = :qui
ORDER BY id LIMIT 1;

-- name: connexion_account(text id) one
SELECT id, prenom, courriel, langue, etat, mot_de_passe, mot_de_passe_le, identifiant, structure_id
FROM agent WHERE id = :id;

-- name: connexion_password(text id, text mot_de_passe, text now) exec
UPDATE agent SET mot_de_passe = :mot_de_passe, mot_de_passe_le = :now, maj_le = :now WHERE id = :id;

-- The same password, hashed with today's parameters.
-- name: connexion_rehash(text id, text before, text mot_de_passe) exec
UPDATE agent SET mot_de_passe = :mot_de_passe WHERE id = :id AND mot_de_passe = :before;
