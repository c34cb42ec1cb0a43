-- The keyed hash of bytes (PL/SQL Packages and Types Reference, DBMS_CRYPTO, MAC; RFC 2104): 1 is MD5, 2 SHA-1, 3 to 5 are SHA-256, SHA-384 and SHA-512.
-- needs: standard_hash
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_crypto_mac(value bytea, method numeric, key bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  name text := CASE method WHEN 1 THEN 'MD5' WHEN 2 THEN 'SHA1' WHEN 3 THEN 'SHA256' WHEN 4 THEN 'SHA384' WHEN 5 THEN 'SHA512' END;
  size integer := CASE WHEN method > 3 THEN 128 ELSE 64 END;
  inner_key bytea;
  outer_key bytea;
BEGIN
  IF value IS NULL OR key IS NULL THEN
    RAISE EXCEPTION 'DBMS_CRYPTO.MAC without a value or key' USING ERRCODE = '22004';
  ELSIF name IS NULL THEN
    RAISE EXCEPTION 'DBMS_CRYPTO.MAC of type %', method USING ERRCODE = '0A000';
  END IF;
  IF length(key) > size THEN
    key := godwit_oracle.standard_hash(key, name);
  END IF;
  inner_key := key || decode(repeat('00', size - length(key)), 'hex');
  outer_key := inner_key;
  FOR i IN 0 .. size - 1 LOOP
    inner_key := set_byte(inner_key, i, get_byte(inner_key, i) # 54);
    outer_key := set_byte(outer_key, i, get_byte(outer_key, i) # 92);
  END LOOP;
  RETURN godwit_oracle.standard_hash(outer_key || godwit_oracle.standard_hash(inner_key || value, name), name);
END
$$;
