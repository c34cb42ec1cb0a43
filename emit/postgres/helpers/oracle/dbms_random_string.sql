-- So many random characters (PL/SQL Packages and Types Reference, DBMS_RANDOM): of upper case for u and any unknown option, lower case l, both a, upper case and digits x, printable p.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_string(opt text, len numeric) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  upper_case constant text := 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  chars text := CASE lower(opt) WHEN 'l' THEN lower(upper_case) WHEN 'a' THEN upper_case || lower(upper_case) WHEN 'x' THEN upper_case || '0123456789'
    WHEN 'p' THEN (SELECT string_agg(chr(i), '') FROM generate_series(32, 126) AS g(i)) ELSE upper_case END;
BEGIN
  RETURN (SELECT string_agg(substr(chars, 1 + floor(random() * length(chars))::integer, 1), '') FROM generate_series(1, trunc(len)::integer));
END
$$;
