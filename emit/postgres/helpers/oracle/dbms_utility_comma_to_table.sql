-- The names between the commas of a list, from 1 on, and NULL behind them (PL/SQL Packages and Types Reference, DBMS_UTILITY.COMMA_TO_TABLE); jsonb as map_item has it. Names are plain identifiers.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_utility_comma_to_table(list text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  names text[] := string_to_array(list, ',');
BEGIN
  IF list IS NULL OR EXISTS (SELECT FROM unnest(names) AS u(n) WHERE u.n !~ '^[A-Za-z][A-Za-z0-9_$#]{0,29}$') THEN
    RAISE EXCEPTION 'COMMA_TO_TABLE of a list of anything but names is not converted' USING ERRCODE = '0A000', DETAIL = list;
  END IF;
  RETURN (SELECT jsonb_object_agg(u.place::text, to_jsonb(u.n)) FROM unnest(names) WITH ORDINALITY AS u(n, place)) || jsonb_build_object((cardinality(names) + 1)::text, NULL);
END
$$;
