-- What doctor looks at.

-- name: doctor_counts(text il_y_a_un_an) one
SELECT
	(SELECT count(*) FROM territoire WHERE niveau = 'commune') AS communes, -- int
	(SELECT count(*) FROM territoire WHERE niveau = 'commune' AND latitude IS NULL) AS sans_position, -- int
	(SELECT count(*) FROM contour WHERE niveau = 'departement') AS contours, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'publie') AS lieux, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'protege') AS proteges, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'publie' AND date_maj < :il_y_a_un_an) AS anciens, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'publie' AND horaires IS NULL AND horaires_texte IS NULL) AS sans_horaires; -- int
