-- Encrypts bytes (PL/SQL Packages and Types Reference, DBMS_CRYPTO, ENCRYPT), with padding by PKCS5.
-- needs: crypto_block
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_crypto_encrypt(value bytea, method numeric, key bytea, iv bytea DEFAULT NULL) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
DECLARE
  rest integer := 16 - length(value) % 16;
BEGIN
  IF value IS NULL THEN
    RAISE EXCEPTION 'ORA-28231: no data passed to obfuscation toolkit' USING ERRCODE = '22004';
  END IF;
  RETURN godwit_oracle.crypto_block(value || decode(repeat(lpad(to_hex(rest), 2, '0'), rest), 'hex'), method, key, iv, false);
END
$$;
