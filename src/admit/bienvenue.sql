-- Accepting an invitation.

-- name: bienvenue_agent(text id) one
SELECT a.prenom, a.nom, a.identifiant, a.courriel, a.etat, s.nom AS structure
FROM agent a LEFT JOIN structure s ON s.id = a.structure_id WHERE a.id = :id;

-- name: bienvenue_open(text id, text now) exec
UPDATE agent SET etat = 'actif', maj_le = :now WHERE id = :id AND etat = 'invite';
