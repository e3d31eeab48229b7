-- What an import reads of its own source, and the one short transaction it writes.

-- name: lieu_source_find(text nom) maybe
SELECT id, complete, importe_le FROM source WHERE nom = :nom;

-- name: lieu_source_add(text id, text nom, text titre) exec
INSERT INTO source (id, nom, titre) VALUES (:id, :nom, :titre);

-- name: lieu_source_imported(text id, int complete, text now) exec
UPDATE source SET importe_le = :now, complete = CASE WHEN :complete = 1 THEN 1 ELSE complete END
WHERE id = :id;

-- Those of a source, and one place by its own id (either may be NULL).
-- name: lieu_stored(text source_id, text lieu_id) each
SELECT s.source_id, s.id_source, s.empreinte, s.importe_le, l.id, l.pivot, l.nom, l.commune, l.code_postal,
	l.code_insee, l.adresse, l.complement_adresse, l.latitude, l.longitude, l.position,
	l.typologie, l.telephone, l.courriels, l.site_web, l.horaires, l.presentation_resume,
	l.presentation_detail, l.source, l.itinerance, l.structure_parente, l.date_maj, l.services,
	l.publics_specifiquement_adresses, l.prise_en_charge_specifique, l.frais_a_charge,
	l.dispositif_programmes_nationaux, l.formations_labels, l.autres_formations_labels,
	l.modalites_acces, l.modalites_accompagnement, l.fiche_acces_libre, l.prise_rdv,
	l.horaires_texte, l.publics_recus, l.publication, l.publication_motif, l.adresse_protegee,
	l.maj_le, s.valeurs, s.vu_le, s.absent_depuis
FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id
WHERE s.source_id = :source_id OR s.lieu_id = :lieu_id ORDER BY s.id_source, s.source_id;

-- The place that answers to an id, its own or one it had.
-- name: lieu_id_taken(text id) maybe
SELECT id FROM lieu WHERE id = :id
UNION ALL SELECT lieu_id AS id FROM lieu_alias WHERE ancien_id = :id;

-- name: lieu_add(text id, text pivot, text nom, text nom_cle, text commune, text code_postal, text code_insee, text adresse, text complement_adresse, real? latitude, real? longitude, text position, text typologie, text telephone, text courriels, text site_web, text horaires, text presentation_resume, text presentation_detail, text source, text itinerance, text structure_parente, text date_maj, text services, text publics, text prises_en_charge, text frais, text dispositifs, text formations, text autres_formations, text acces, text accompagnements, text fiche_acces_libre, text prise_rdv, text horaires_texte, text publics_recus, text publication, text motif, int adresse_protegee, text now) exec
INSERT INTO lieu (id, pivot, nom, nom_cle, commune, code_postal, code_insee, adresse,
	complement_adresse, latitude, longitude, position, typologie, telephone, courriels, site_web,
	horaires, presentation_resume, presentation_detail, source, itinerance, structure_parente,
	date_maj, services, publics_specifiquement_adresses, prise_en_charge_specifique, frais_a_charge,
	dispositif_programmes_nationaux, formations_labels, autres_formations_labels, modalites_acces,
	modalites_accompagnement, fiche_acces_libre, prise_rdv, horaires_texte, publics_recus,
	publication, publication_motif, adresse_protegee, cree_le, maj_le)
VALUES (:id, :pivot, :nom, :nom_cle, :commune, :code_postal, :code_insee, :adresse,
	:complement_adresse, :latitude, :longitude, :position, :typologie, :telephone, :courriels, :site_web,
	:horaires, :presentation_resume, :presentation_detail, :source, :itinerance, :structure_parente,
	:date_maj, :services, :publics, :prises_en_charge, :frais, :dispositifs, :formations,
	:autres_formations, :acces, :accompagnements, :fiche_acces_libre, :prise_rdv, :horaires_texte,
	:publics_recus, :publication, :motif, :adresse_protegee, :now, :now)
ON CONFLICT (id) DO UPDATE SET pivot = excluded.pivot, nom = excluded.nom,
	nom_cle = excluded.nom_cle, commune = excluded.commune, code_postal = excluded.code_postal,
	code_insee = excluded.code_insee, adresse = excluded.adresse,
	complement_adresse = excluded.complement_adresse, latitude = excluded.latitude,
	longitude = excluded.longitude, position = excluded.position, typologie = excluded.typologie,
	telephone = excluded.telephone, courriels = excluded.courriels, site_web = excluded.site_web,
	horaires = excluded.horaires, presentation_resume = excluded.presentation_resume,
	presentation_detail = excluded.presentation_detail, source = excluded.source,
	itinerance = excluded.itinerance, structure_parente = excluded.structure_parente,
	date_maj = excluded.date_maj, services = excluded.services,
	publics_specifiquement_adresses = excluded.publics_specifiquement_adresses,
	prise_en_charge_specifique = excluded.prise_en_charge_specifique,
	frais_a_charge = excluded.frais_a_charge,
	dispositif_programmes_nationaux = excluded.dispositif_programmes_nationaux,
	formations_labels = excluded.formations_labels,
	autres_formations_labels = excluded.autres_formations_labels,
	modalites_acces = excluded.modalites_acces,
	modalites_accompagnement = excluded.modalites_accompagnement,
	fiche_acces_libre = excluded.fiche_acces_libre, prise_rdv = excluded.prise_rdv,
	horaires_texte = excluded.horaires_texte, publics_recus = excluded.publics_recus,
	publication = CASE WHEN lieu.publication = 'publie' AND lieu.publication_motif IS NULL
		THEN excluded.publication ELSE lieu.publication END,
	publication_motif = CASE WHEN lieu.publication = 'publie' AND lieu.publication_motif IS NULL
		THEN excluded.publication_motif ELSE lieu.publication_motif END,
	adresse_protegee = CASE WHEN lieu.publication = 'publie' AND lieu.publication_motif IS NULL
		AND lieu.adresse_protegee = 0
		THEN excluded.adresse_protegee ELSE lieu.adresse_protegee END,
	maj_le = excluded.maj_le;

-- name: lieu_source_row(text source_id, text id_source, text lieu_id, text champs, text empreinte, text valeurs, text date_maj, text now) exec
INSERT INTO lieu_source (source_id, id_source, lieu_id, champs, empreinte, valeurs, date_maj,
	importe_le, vu_le)
VALUES (:source_id, :id_source, :lieu_id, :champs, :empreinte, :valeurs, :date_maj, :now, :now)
ON CONFLICT (source_id, id_source) DO UPDATE SET champs = excluded.champs,
	empreinte = excluded.empreinte, valeurs = excluded.valeurs, date_maj = excluded.date_maj,
	importe_le = excluded.importe_le, vu_le = excluded.vu_le, absent_depuis = NULL,
	rapproche_le = NULL;

-- name: lieu_source_seen(text source_id, text id_source, text now) exec
UPDATE lieu_source SET vu_le = :now, absent_depuis = NULL
WHERE source_id = :source_id AND id_source = :id_source;

-- A rule hides a place that nobody agreed to show.
-- name: lieu_hide(text id, text motif, text now) exec
UPDATE lieu SET publication = 'protege', publication_motif = :motif, adresse_protegee = 1,
	maj_le = :now
WHERE id = :id AND publication = 'publie' AND publication_motif IS NULL;

-- name: lieu_publication(text id) maybe
SELECT nom, commune, publication, publication_motif FROM lieu WHERE id = :id;

-- name: lieu_set_publication(text id, text publication, text motif, int adresse_protegee, text now) exec
UPDATE lieu SET publication = :publication, publication_motif = :motif,
	adresse_protegee = :adresse_protegee, maj_le = :now
WHERE id = :id;

-- name: lieux_not_published() many
SELECT l.id, l.nom, l.commune, l.publication_motif, min(s.nom) AS source -- text
FROM lieu l JOIN lieu_source ls ON ls.lieu_id = l.id JOIN source s ON s.id = ls.source_id
WHERE l.publication = 'protege' GROUP BY l.id, l.nom, l.commune, l.publication_motif
ORDER BY l.nom_cle, l.id;
