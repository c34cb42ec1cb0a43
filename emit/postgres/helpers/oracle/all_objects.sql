-- The objects as ALL_OBJECTS shows them (Database Reference, ALL_OBJECTS): tables, views, indexes, sequences, types, routines, triggers.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_objects AS
SELECT s.owner, godwit_oracle.source_name(o.name) AS object_name, NULL::text AS subobject_name, o.oid::bigint::numeric AS object_id, o.kind AS object_type,
    'VALID'::text AS status, 'N'::text AS generated, 'N'::text AS secondary, s.mine
FROM (
    SELECT c.oid, c.relname::text AS name, c.relnamespace AS schema, k.kind
    FROM pg_catalog.pg_class AS c
    JOIN (VALUES ('r', 'TABLE'), ('p', 'TABLE'), ('f', 'TABLE'), ('m', 'TABLE'), ('m', 'MATERIALIZED VIEW'), ('v', 'VIEW'), ('i', 'INDEX'), ('I', 'INDEX'), ('S', 'SEQUENCE'), ('c', 'TYPE'))
        AS k (relkind, kind) ON k.relkind = c.relkind::text
    WHERE NOT c.relispartition
        AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'))
    UNION ALL
    SELECT p.oid, p.proname::text, p.pronamespace, CASE WHEN p.prokind = 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END
    FROM pg_catalog.pg_proc AS p
    WHERE p.prokind IN ('p', 'f') AND p.prorettype <> 'trigger'::regtype
    UNION ALL
    SELECT t.oid, t.tgname::text, c.relnamespace, 'TRIGGER'
    FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT t.oid, t.typname::text, t.typnamespace, 'TYPE'
    FROM pg_catalog.pg_type AS t
    WHERE t.typtype IN ('d', 'e')
) AS o JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = o.schema;
