-- What is kept of people who are helped, until when.  "Last contact" is the latest of what was
-- written on their file, done for them, signed, ended, or of their own visit.

-- name: conserve_silencieux(text before, text archive) many
SELECT u.id FROM usager u
WHERE u.maj_le < :before
	AND NOT EXISTS (SELECT 1 FROM histoire h WHERE h.usager_id = u.id AND h.le >= :before)
	AND NOT EXISTS (SELECT 1 FROM usager_session s WHERE s.usager_id = u.id AND s.cree_le >= :before)
	AND NOT EXISTS (SELECT 1 FROM mandat m WHERE m.usager_id = u.id AND (m.etat = 'actif' OR m.cree_le >= :before
		OR (m.signe_le IS NOT NULL AND COALESCE(m.arrete_le, m.expire_le) >= :archive)))
ORDER BY u.id LIMIT 200;

-- Who signed something that must still be proved, and was not seen since.
-- name: conserve_archives(text before) many
SELECT u.id FROM usager u
WHERE u.maj_le < :before AND (u.telephone IS NOT NULL OR u.naissance IS NOT NULL OR u.secret IS NOT NULL
		OR EXISTS (SELECT 1 FROM usager_code c WHERE c.usager_id = u.id)
		OR EXISTS (SELECT 1 FROM usager_identite i WHERE i.usager_id = u.id))
	AND NOT EXISTS (SELECT 1 FROM histoire h WHERE h.usager_id = u.id AND h.le >= :before)
	AND NOT EXISTS (SELECT 1 FROM usager_session s WHERE s.usager_id = u.id AND s.cree_le >= :before)
	AND NOT EXISTS (SELECT 1 FROM mandat m WHERE m.usager_id = u.id AND (m.etat = 'actif' OR m.cree_le >= :before
		OR COALESCE(m.arrete_le, m.expire_le) >= :before))
ORDER BY u.id LIMIT 200;

-- name: conserve_reduire(text usager) exec
UPDATE usager SET telephone = NULL, telephone_sur = 0, naissance = NULL, secret = NULL, essais = 0, garde = 'papier'
WHERE id = :usager;

-- name: conserve_sans_numero(text usager) exec
UPDATE consentement SET telephone = NULL WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- Lines of what was done side by side: no mandat asks to keep them.
-- name: conserve_sans_avec(text usager) exec
DELETE FROM histoire WHERE usager_id = :usager AND genre = 'avec'
	AND NOT EXISTS (SELECT 1 FROM desaccord d WHERE d.histoire_id = histoire.id);

-- name: conserve_sans_acces(text before) exec
DELETE FROM usager_acces WHERE expire_le < :before;

-- name: conserve_sans_sessions(text before, text contact) exec
DELETE FROM usager_session WHERE expire_le < :before AND (cree_le < :contact OR EXISTS (SELECT 1 FROM usager_session s
	WHERE s.usager_id = usager_session.usager_id AND s.cree_le > usager_session.cree_le));

-- A mandat whose archive is over, of somebody who is still helped.
-- name: conserve_mandats(text archive) many
SELECT m.id FROM mandat m
WHERE m.etat <> 'actif' AND ((m.signe_le IS NOT NULL AND COALESCE(m.arrete_le, m.expire_le) < :archive)
	OR (m.signe_le IS NULL AND m.cree_le < :archive))
ORDER BY m.id LIMIT 200;

-- name: conserve_sans_desaccords(text mandat) exec
DELETE FROM desaccord WHERE histoire_id IN (SELECT h.id FROM histoire h
	WHERE h.objet = :mandat OR h.objet IN (SELECT id FROM acte WHERE mandat_id = :mandat));

-- name: conserve_sans_histoire(text mandat) exec
DELETE FROM histoire WHERE objet = :mandat OR objet IN (SELECT id FROM acte WHERE mandat_id = :mandat);

-- name: conserve_sans_codes(text mandat) exec
DELETE FROM federation_code WHERE mandat_id = :mandat;

-- name: conserve_sans_transferts(text mandat) exec
DELETE FROM transfert WHERE mandat_id = :mandat;

-- name: conserve_sans_actes(text mandat) exec
DELETE FROM acte WHERE mandat_id = :mandat;

-- name: conserve_sans_consentements(text mandat) exec
DELETE FROM consentement WHERE mandat_id = :mandat;

-- name: conserve_sans_lectures(text mandat) exec
DELETE FROM mandat_lecture WHERE mandat_id = :mandat;

-- name: conserve_sans_agents(text mandat) exec
DELETE FROM mandat_agent WHERE mandat_id = :mandat;

-- name: conserve_sans_autorisations(text mandat) exec
DELETE FROM autorisation WHERE mandat_id = :mandat;

-- name: conserve_sans_suite(text mandat) exec
UPDATE mandat SET renouvelle = NULL WHERE renouvelle = :mandat;

-- name: conserve_sans_mandat(text mandat) exec
DELETE FROM mandat WHERE id = :mandat;
