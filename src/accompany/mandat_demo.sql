-- The demonstration: who helps the fictitious person, when nobody is helped yet.

-- name: demo_aidant() maybe
SELECT a.id AS agent_id, a.etat, r.structure_id FROM agent a JOIN agent_role r ON r.agent_id = a.id
JOIN structure s ON s.id = r.structure_id
WHERE r.role = 'aidant' AND s.pouvoirs LIKE '%mandats%' AND NOT EXISTS (SELECT 1 FROM usager)
ORDER BY a.nom_cle LIMIT 1;

-- name: demo_agent_state(text id, text etat) exec
UPDATE agent SET etat = :etat WHERE id = :id;
