-- Acts: the right as it is at that moment, and what was done.

-- name: acte_droit(text mandat, text demarche, text agent, text le) maybe
SELECT m.usager_id, m.structure_id, m.etat, m.expire_le, a.arretee_le,
	(SELECT COUNT(*) FROM autorisation x WHERE x.mandat_id = m.id AND x.demarche = :demarche) AS prevue, -- int
	(SELECT COUNT(*) FROM mandat_agent g WHERE g.mandat_id = m.id AND g.agent_id = :agent) AS nomme, -- int
	(SELECT COUNT(*) FROM mandat_lecture l WHERE l.mandat_id = m.id AND l.agent_id = :agent AND l.expire_le > :le) AS raison, -- int
	(SELECT COUNT(*) FROM agent_role r JOIN agent i ON i.id = r.agent_id JOIN structure s ON s.id = r.structure_id
		WHERE r.agent_id = :agent AND r.structure_id = m.structure_id AND r.role = 'aidant'
			AND i.etat = 'actif' AND s.etat = 'active') AS aide -- int
FROM mandat m LEFT JOIN autorisation a ON a.mandat_id = m.id AND a.demarche = :demarche
WHERE m.id = :mandat;

-- name: acte_put(text id, text mandat, text usager, text agent, text demarche, text fait, text resultat, text reference, text suite, text documents, text raison, text le, int numero) exec
INSERT INTO acte (id, mandat_id, usager_id, agent_id, demarche, fait, resultat, reference, suite, documents,
	raison, le, numero)
VALUES (:id, :mandat, :usager, :agent, :demarche, :fait, :resultat, :reference, :suite, :documents, :raison,
	:le, :numero);

-- name: acte_twice(text id) maybe
SELECT numero, agent_id FROM acte WHERE id = :id;

-- name: acte_rows(text mandat) many
SELECT c.id, c.le, c.demarche, c.fait, c.resultat, c.reference, c.suite, c.documents, c.raison, c.numero,
	a.prenom, a.nom
FROM acte c JOIN agent a ON a.id = c.agent_id WHERE c.mandat_id = :mandat ORDER BY c.id DESC LIMIT 100;

-- name: acte_one(text id) maybe
SELECT c.id, c.le, c.demarche, c.fait, c.resultat, c.reference, c.suite, c.documents, c.raison, c.numero,
	a.prenom, a.nom
FROM acte c JOIN agent a ON a.id = c.agent_id WHERE c.id = :id;
