-- A date told in the first zone, told in the second (SQL Language Reference, NEW_TIME): the zones of the manual, with fixed offsets.
CREATE OR REPLACE FUNCTION godwit_oracle.new_time(value timestamp, from_zone text, to_zone text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  offsets constant jsonb := '{"AST":-4,"ADT":-3,"BST":-11,"BDT":-10,"CST":-6,"CDT":-5,"EST":-5,"EDT":-4,"GMT":0,"HST":-10,"HDT":-9,"MST":-7,"MDT":-6,"NST":-3.5,"PST":-8,"PDT":-7,"YST":-9,"YDT":-8}';
BEGIN
  IF NOT offsets ? upper(from_zone) OR NOT offsets ? upper(to_zone) THEN
    RAISE EXCEPTION 'ORA-01857: not a valid time zone' USING ERRCODE = '22007';
  END IF;
  RETURN date_trunc('second', value) + make_interval(mins => (((offsets ->> upper(to_zone))::numeric - (offsets ->> upper(from_zone))::numeric) * 60)::integer);
END
$$;
