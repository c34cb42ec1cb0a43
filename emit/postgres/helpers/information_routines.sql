-- The procedures and functions as information_schema.ROUTINES shows them; functions of triggers are left out.
-- needs: information_schemata
CREATE OR REPLACE VIEW godwit_mysql.information_routines AS
SELECT p.proname::text AS specific_name, s.catalog_name AS routine_catalog, s.schema_name AS routine_schema, p.proname::text AS routine_name,
    CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END COLLATE "C" AS routine_type,
    coalesce(obj_description(p.oid, 'pg_proc'), '') COLLATE "C" AS routine_comment
FROM pg_catalog.pg_proc AS p
JOIN godwit_mysql.information_schemata AS s ON s.schema = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND p.prorettype <> 'trigger'::regtype;
