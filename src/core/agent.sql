-- Agents with what they may do, structure by structure: a row for each role.

-- name: agent_rows(text id) many
SELECT a.id, a.prenom, a.nom, a.courriel, a.identifiant, a.langue, a.etat, a.structure_id AS ici,
	r.role, s.id AS structure, s.nom AS structure_nom, s.pouvoirs, s.etat AS structure_etat
FROM agent a
LEFT JOIN agent_role r ON r.agent_id = a.id
LEFT JOIN structure s ON s.id = r.structure_id
WHERE a.id = :id
ORDER BY s.nom_cle, s.id, r.role;

-- Everybody with a role in a structure; with all their structures.
-- name: agent_rows_of(text structure) many
SELECT a.id, a.prenom, a.nom, a.courriel, a.identifiant, a.langue, a.etat, a.structure_id AS ici,
	r.role, s.id AS structure, s.nom AS structure_nom, s.pouvoirs, s.etat AS structure_etat
FROM agent a
LEFT JOIN agent_role r ON r.agent_id = a.id
LEFT JOIN structure s ON s.id = r.structure_id
WHERE EXISTS (SELECT 1 FROM agent_role x WHERE x.agent_id = a.id AND x.structure_id = :structure)
ORDER BY a.nom_cle, a.id, s.nom_cle, s.id, r.role;

-- Everybody, also those who left.
-- name: agent_rows_all() many
SELECT a.id, a.prenom, a.nom, a.courriel, a.identifiant, a.langue, a.etat, a.structure_id AS ici,
	r.role, s.id AS structure, s.nom AS structure_nom, s.pouvoirs, s.etat AS structure_etat
FROM agent a
LEFT JOIN agent_role r ON r.agent_id = a.id
LEFT JOIN structure s ON s.id = r.structure_id
ORDER BY a.nom_cle, a.id, s.nom_cle, s.id, r.role;
