-- The security log: read, and one line more.  Never changed, never counted by agent.

-- name: trace_add(text id, text le, text action, text agent, text session, text cible, text structure, text objet) exec
INSERT INTO trace (id, le, action, agent_id, session_id, cible_id, structure_id, objet)
VALUES (:id, :le, :action, :agent, :session, :cible, :structure, :objet);

-- name: trace_lines(text depuis, text avant, text suite, int most) many
SELECT t.id, t.le, t.action, t.session_id, t.objet, a.prenom AS agent_prenom, a.nom AS agent_nom,
	c.prenom AS cible_prenom, c.nom AS cible_nom, s.nom AS structure
FROM trace t LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent c ON c.id = t.cible_id
LEFT JOIN structure s ON s.id = t.structure_id
WHERE t.le >= :depuis AND t.le < :avant AND t.id < :suite
ORDER BY t.id DESC LIMIT :most;

-- name: trace_lines_of_structure(text structure, text depuis, text avant, text suite, int most) many
SELECT t.id, t.le, t.action, t.session_id, t.objet, a.prenom AS agent_prenom, a.nom AS agent_nom,
	c.prenom AS cible_prenom, c.nom AS cible_nom, s.nom AS structure
FROM trace t LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent c ON c.id = t.cible_id
LEFT JOIN structure s ON s.id = t.structure_id
WHERE t.structure_id = :structure AND t.le >= :depuis AND t.le < :avant AND t.id < :suite
ORDER BY t.id DESC LIMIT :most;

-- name: trace_lines_of_account(text cible, text depuis, text avant, text suite, int most) many
SELECT t.id, t.le, t.action, t.session_id, t.objet, a.prenom AS agent_prenom, a.nom AS agent_nom,
	c.prenom AS cible_prenom, c.nom AS cible_nom, s.nom AS structure
FROM trace t LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent c ON c.id = t.cible_id
LEFT JOIN structure s ON s.id = t.structure_id
WHERE t.cible_id = :cible AND t.le >= :depuis AND t.le < :avant AND t.id < :suite
ORDER BY t.id DESC LIMIT :most;

-- name: trace_lines_of_account_in(text cible, text structure, text depuis, text avant, text suite, int most) many
SELECT t.id, t.le, t.action, t.session_id, t.objet, a.prenom AS agent_prenom, a.nom AS agent_nom,
	c.prenom AS cible_prenom, c.nom AS cible_nom, s.nom AS structure
FROM trace t LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent c ON c.id = t.cible_id
LEFT JOIN structure s ON s.id = t.structure_id
WHERE t.cible_id = :cible AND t.structure_id = :structure AND t.le >= :depuis AND t.le < :avant
	AND t.id < :suite
ORDER BY t.id DESC LIMIT :most;
