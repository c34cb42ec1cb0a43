-- Decrypts bytes (PL/SQL Packages and Types Reference, DBMS_CRYPTO, DECRYPT): an error where the padding shows that key or bytes are not those of ENCRYPT. NULL for what was empty.
-- needs: crypto_block
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_crypto_decrypt(value bytea, method numeric, key bytea, iv bytea DEFAULT NULL) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
DECLARE
  result bytea;
  rest integer;
BEGIN
  IF value IS NULL THEN
    RAISE EXCEPTION 'ORA-28231: no data passed to obfuscation toolkit' USING ERRCODE = '22004';
  ELSIF length(value) = 0 OR length(value) % 16 <> 0 THEN
    RAISE EXCEPTION 'ORA-28817: PL/SQL function returned an error.' USING ERRCODE = '22023';
  END IF;
  result := godwit_oracle.crypto_block(value, method, key, iv, true);
  rest := get_byte(result, length(result) - 1);
  IF rest NOT BETWEEN 1 AND 16 OR encode(substr(result, length(result) - rest + 1), 'hex') <> repeat(lpad(to_hex(rest), 2, '0'), rest) THEN
    RAISE EXCEPTION 'ORA-28817: PL/SQL function returned an error.' USING ERRCODE = '22023';
  END IF;
  RETURN nullif(substr(result, 1, length(result) - rest), '');
END
$$;
