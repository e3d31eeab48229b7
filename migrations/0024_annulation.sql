-- Stops as they were announced before they changed: who copied them to a calendar must be told
-- that they are off.  Kept by the store itself, like lieu_sorti; a stop that is not public was
-- never announced, and is not here.

CREATE TABLE passage_sorti (            -- a rule that held, until somebody changed it
	passage_id TEXT NOT NULL,       -- no reference: the stop may be gone
	le TEXT NOT NULL,               -- when it changed
	lieu_id TEXT NOT NULL,          -- of the place then; lieu_alias leads from it
	code_insee TEXT NOT NULL,       -- for its clock and its holidays
	horaires TEXT,                  -- as in passage
	dates TEXT,
	sauf TEXT,
	debut TEXT,
	fin TEXT,
	PRIMARY KEY (passage_id, le)
) STRICT;
CREATE INDEX passage_sorti_lieu ON passage_sorti (lieu_id);

CREATE TRIGGER passage_sorti_change AFTER UPDATE ON passage -- sqlite:
WHEN OLD.non_public = 0 AND (NEW.non_public = 1 OR OLD.horaires IS NOT NEW.horaires -- sqlite:
	OR OLD.dates IS NOT NEW.dates OR OLD.debut IS NOT NEW.debut OR OLD.fin IS NOT NEW.fin) BEGIN -- sqlite:
	INSERT INTO passage_sorti (passage_id, le, lieu_id, code_insee, horaires, dates, sauf, debut, fin) -- sqlite:
	VALUES (OLD.id, NEW.maj_le, OLD.lieu_id, OLD.code_insee, OLD.horaires, OLD.dates, OLD.sauf, OLD.debut, OLD.fin) -- sqlite:
	ON CONFLICT (passage_id, le) DO NOTHING; -- sqlite:
END; -- sqlite:

CREATE TRIGGER passage_sorti_retrait AFTER DELETE ON passage WHEN OLD.non_public = 0 BEGIN -- sqlite:
	INSERT INTO passage_sorti (passage_id, le, lieu_id, code_insee, horaires, dates, sauf, debut, fin) -- sqlite:
	VALUES (OLD.id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), OLD.lieu_id, OLD.code_insee, OLD.horaires, OLD.dates, OLD.sauf, OLD.debut, OLD.fin) -- sqlite:
	ON CONFLICT (passage_id, le) DO NOTHING; -- sqlite:
END; -- sqlite:

CREATE FUNCTION passage_sorti_note() RETURNS trigger LANGUAGE plpgsql AS -- pg:
'BEGIN ' -- pg:
'IF TG_OP = ''DELETE'' THEN IF OLD.non_public = 0 THEN ' -- pg:
'INSERT INTO passage_sorti (passage_id, le, lieu_id, code_insee, horaires, dates, sauf, debut, fin) ' -- pg:
'VALUES (OLD.id, to_char(now() AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"''), OLD.lieu_id, ' -- pg:
'OLD.code_insee, OLD.horaires, OLD.dates, OLD.sauf, OLD.debut, OLD.fin) ' -- pg:
'ON CONFLICT (passage_id, le) DO NOTHING; END IF; ' -- pg:
'ELSIF OLD.non_public = 0 AND (NEW.non_public = 1 OR OLD.horaires IS DISTINCT FROM NEW.horaires ' -- pg:
'OR OLD.dates IS DISTINCT FROM NEW.dates OR OLD.debut IS DISTINCT FROM NEW.debut ' -- pg:
'OR OLD.fin IS DISTINCT FROM NEW.fin) THEN ' -- pg:
'INSERT INTO passage_sorti (passage_id, le, lieu_id, code_insee, horaires, dates, sauf, debut, fin) ' -- pg:
'VALUES (OLD.id, NEW.maj_le, OLD.lieu_id, OLD.code_insee, OLD.horaires, OLD.dates, OLD.sauf, OLD.debut, OLD.fin) ' -- pg:
'ON CONFLICT (passage_id, le) DO NOTHING; END IF; RETURN NULL; END'; -- pg:
CREATE TRIGGER passage_sorti_note AFTER UPDATE OR DELETE ON passage -- pg:
FOR EACH ROW EXECUTE FUNCTION passage_sorti_note(); -- pg:
